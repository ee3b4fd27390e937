import assert from "node:assert/strict";
import { Refusal } from "../../lib/model/refusal.ts";
import { DatabaseError } from "../../lib/store/database_error.ts";
import { EmbeddedDriver } from "../../lib/store/embedded_driver.ts";
import { enrol } from "../../lib/store/enrol.ts";
import { openDatabase, placeInFolder } from "../../lib/store/open_database.ts";
import { openExisting } from "../../lib/store/open_existing.ts";
import { int } from "../../lib/store/sql.ts";
import { enrolCall, withDatabase } from "./with_database.ts";

const path = (folder: string) => `${folder}/meshover.db`;

Deno.test("Database.write() tells nobody before it is stored, and everybody in a group what became of theirs", () =>
  withDatabase(async (database, folder) => {
    const refusal = () => Promise.reject(new Refusal({ status: 409, code: "no", detail: "no" }));
    const results = await Promise.allSettled([
      database.write((tx) => enrol(tx, enrolCall("a"))),
      database.write(refusal),
      database.write((tx) => enrol(tx, enrolCall("b"))),
    ]);
    assert.deepEqual(results.map((result) => result.status), [
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    const other = await EmbeddedDriver.open(path(folder));
    const rows = await other.all("SELECT name FROM node ORDER BY name", []);
    other.close();
    assert.deepEqual(rows.map((row) => row.name), ["a", "b"]);
  }));

Deno.test("Database.write() stores nothing of an operation that fails half way, and all of its neighbours", () =>
  withDatabase(async (database) => {
    const results = await Promise.allSettled([
      database.write((tx) => enrol(tx, enrolCall("a"))),
      database.write(async (tx) => {
        await tx.run("UPDATE mesh SET revision = 999999");
        throw new TypeError("a bug");
      }),
      database.write((tx) => enrol(tx, enrolCall("b"))),
    ]);
    assert.deepEqual(results.map((result) => result.status), [
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    const [row] = await database.read((db) => db.all("SELECT revision FROM mesh"));
    assert.ok(int(row!, "revision") < 100);
  }));

Deno.test("Database.write() waits for a lock of another program, and works again after it", () =>
  withDatabase(async (database, folder) => {
    const other = await EmbeddedDriver.open(path(folder));
    const lock = await other.begin();
    const enrolment = database.write((tx) => enrol(tx, enrolCall("a")));
    await new Promise((resolve) => setTimeout(resolve, 400));
    lock.abandon();
    assert.equal((await enrolment).name, "a");
    other.close();
  }));

Deno.test("Database.write() says that the disk is full, and works again when there is room", () =>
  withDatabase(async (database) => {
    const pages = async (limit: number) => {
      await database.read((db) => db.all(`PRAGMA max_page_count = ${limit}`));
    };
    await pages(1);
    const note = "x".repeat(200_000);
    const big = () =>
      database.write((tx) =>
        tx.run("INSERT INTO audit VALUES (NULL, '', '', '', '', '', ?)", [note])
      );
    await assert.rejects(big(), { trouble: "full" });
    await pages(1_000_000);
    await big();
    assert.equal((await database.write((tx) => enrol(tx, enrolCall("a")))).name, "a");
  }));

Deno.test("openDatabase() says that a damaged file is damaged, and leaves it alone", async () => {
  const folder = await Deno.makeTempDir({ prefix: "meshover-store-" });
  const damaged = "this is no database, ".repeat(500);
  await Deno.writeTextFile(path(folder), damaged);
  await assert.rejects(openDatabase(placeInFolder(folder), { meshId: "x" }), {
    trouble: "damaged",
    message: /damaged; put it aside and run `meshover controller restore`/,
  });
  assert.equal(await Deno.readTextFile(path(folder)), damaged);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("openDatabase() refuses the schema of a newer meshover and changes nothing", () =>
  withDatabase(async (database, folder) => {
    await database.write((tx) => tx.run("UPDATE schema_version SET version = 999"));
    await assert.rejects(
      openDatabase(placeInFolder(folder), {}),
      /schema is version 999.*use the newer meshover/,
    );
  }));

Deno.test("openExisting() makes no database where there is none", async () => {
  const folder = await Deno.makeTempDir({ prefix: "meshover-store-" });
  await assert.rejects(openExisting(placeInFolder(folder)), /there is no such file/);
  await Deno.writeTextFile(path(folder), "");
  await assert.rejects(openExisting(placeInFolder(folder)), /no database of a meshover controller/);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("openDatabase() keeps the file from other users", () =>
  withDatabase(async (_database, folder) => {
    assert.equal((await Deno.stat(path(folder))).mode! & 0o777, 0o600);
  }));

Deno.test("openDatabase() names a server that cannot be reached", async () => {
  const place = { url: "http://127.0.0.1:9" };
  await assert.rejects(
    openDatabase(place, { meshId: "x" }),
    (error) =>
      error instanceof DatabaseError && error.trouble === "unreachable" &&
      error.message.includes("127.0.0.1:9"),
  );
});

Deno.test("the database itself refuses what is held, whatever a program believes", () =>
  withDatabase(async (database) => {
    await database.write((tx) => enrol(tx, enrolCall("a")));
    const lease =
      "INSERT INTO lease SELECT first, last, purpose, position, value, number, NULL FROM lease LIMIT 1";
    await assert.rejects(database.write((tx) => tx.run(lease)), { trouble: "constraint" });
    const node = "INSERT INTO node (number, name, revision, created_at) VALUES (77, 'a', 1, '')";
    await assert.rejects(database.write((tx) => tx.run(node)), { trouble: "constraint" });
  }));

Deno.test("Database.close() leaves everything in the one file", async () => {
  const folder = await Deno.makeTempDir({ prefix: "meshover-store-" });
  await withDatabase(async (database, from) => {
    await database.write((tx) => enrol(tx, enrolCall("a")));
    const again = await openDatabase(placeInFolder(from), {});
    await again.write((tx) => enrol(tx, enrolCall("b")));
    await again.close();
    await Deno.copyFile(path(from), path(folder));
  });
  const moved = await openDatabase(placeInFolder(folder), {});
  const rows = await moved.read((db) => db.all("SELECT name FROM node ORDER BY name"));
  assert.deepEqual(rows.map((row) => row.name), ["a", "b"]);
  await moved.close();
  await Deno.remove(folder, { recursive: true });
});
