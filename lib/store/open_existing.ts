import { StateError } from "../model/errors.ts";
import type { Database } from "./database.ts";
import { type DatabasePlace, openDatabase, placeOfFile } from "./open_database.ts";

/**
 * Opens the database of a controller that has run before.
 * @throws {StateError} when there is none, or it is the database of something else.
 */
export async function openExisting(place: DatabasePlace): Promise<Database> {
  const path = placeOfFile(place);
  if (path !== undefined && !await Deno.stat(path).then(() => true, () => false)) {
    throw new StateError(
      `Cannot open ${path}: there is no such file; name the controller's --statefile or --database`,
    );
  }
  return await openDatabase(place, {});
}
