import { dirname } from "node:path";
import { InputError, messageOf, StateError } from "../model/errors.ts";
import { Database } from "./database.ts";
import { toDatabaseError } from "./database_error.ts";
import type { Driver } from "./driver.ts";
import { EmbeddedDriver } from "./embedded_driver.ts";
import { ServerDriver } from "./server_driver.ts";
import { migrate } from "./migrate.ts";
import type { Reader } from "./sql.ts";

/** Where the database is. */
export interface DatabasePlace {
  /** `file:PATH`, `http://…`, `https://…` or `libsql://…`. */
  readonly url: string;
  /** Token of a libSQL server. */
  readonly authToken?: string;
}

const FILE_NAME = "meshover.db";

/** The place of the embedded database in the folder that `--statefile` names. */
export function placeInFolder(folder: string): DatabasePlace {
  return { url: `file:${folder}/${FILE_NAME}` };
}

/** The path of an embedded database; undefined for a server. */
export function placeOfFile(place: DatabasePlace): string | undefined {
  return place.url.startsWith("file:") ? place.url.slice("file:".length) : undefined;
}

/**
 * Opens a database and brings its schema up to date.
 * @throws {InputError} for a URL that is none or a folder that cannot be made, {DatabaseError} when it cannot be opened.
 */
export async function openDatabase(
  place: DatabasePlace,
  options: { meshId?: string },
): Promise<Database> {
  if (!/^(file|https?|libsql|wss?):/.test(place.url)) {
    throw new InputError(
      `"${place.url}" is not a database; expected file:PATH, http://HOST:PORT or libsql://HOST`,
    );
  }
  const remote = !place.url.startsWith("file:");
  const name = remote
    ? URL.parse(place.url)?.host ?? "the database"
    : `the database ${place.url.slice("file:".length)}`;
  let database: Database | undefined;
  try {
    database = new Database({ driver: await driverOf(place), name });
    await migrate(database, options);
    if (!remote) await database.read(requireSound);
    return database;
  } catch (error) {
    await database?.close();
    if (error instanceof InputError || error instanceof StateError) throw error;
    throw toDatabaseError(`open ${name}`, error);
  }
}

/** A page that is damaged would else be found when it is needed, by whoever needs it. @throws {Error} when one is. */
async function requireSound(reader: Reader): Promise<void> {
  const [row] = await reader.all("PRAGMA quick_check(1)");
  const found = Object.values(row ?? {})[0];
  if (found !== "ok") throw new Error(`database disk image is malformed: ${found}`);
}

async function driverOf(place: DatabasePlace): Promise<Driver> {
  if (!place.url.startsWith("file:")) return await ServerDriver.open(place);
  const path = place.url.slice("file:".length);
  await makePrivate(path);
  return await EmbeddedDriver.open(path);
}

/**
 * Makes the folder and the file if need be. The file holds the private key of the mesh's CA: nobody else may read it.
 * SQLite gives its side files the same mode.
 */
async function makePrivate(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new InputError(`Cannot make the folder "${folder}": ${messageOf(error)}`);
  }
  const file = await Deno.open(path, { create: true, write: true, read: true, mode: 0o600 });
  file.close();
  await giveToOwnerOf(folder, path);
}

/** Root that restores a backup must not make a database that the service's own user cannot open. SQLite's side files follow it. */
async function giveToOwnerOf(folder: string, path: string): Promise<void> {
  const [{ uid, gid }, file] = await Promise.all([Deno.stat(folder), Deno.stat(path)]);
  // Only root can; for anyone else the owner is right as it is.
  if (file.uid === 0 && uid !== 0) await Deno.chown(path, uid, gid);
}
