import assert from "node:assert/strict";
import { EmbeddedDriver } from "../../lib/store/embedded_driver.ts";
import { enrol } from "../../lib/store/enrol.ts";
import { openDatabase } from "../../lib/store/open_database.ts";
import { readRoutePolicy } from "../../lib/store/route_decisions.ts";
import { secretAge } from "../../lib/store/rotate_secret.ts";
import { MIGRATIONS } from "../../lib/store/schema.ts";
import { enrolCall, NOW, TOKEN } from "./with_database.ts";

/** A database as meshover wrote it when its schema had `version` steps, with a node and a token in it. */
async function writeOld(path: string, version: number): Promise<void> {
  const driver = await EmbeddedDriver.open(path);
  for (const sql of MIGRATIONS.slice(0, version).flat()) await driver.all(sql, []);
  const rows = [
    `UPDATE schema_version SET version = ${version}`,
    `INSERT INTO mesh (one, id, revision, next_number, generation) VALUES (1, 'old', 7, 2, 0)`,
    `INSERT INTO node (number, name, secret_hash, revision, created_at, enrolled_at)
      VALUES (1, 'n1', 'secret of n1', 7, '${NOW}', '${NOW}')`,
    `INSERT INTO lease VALUES ('a:fa56ea01', 'a:fa56ea01', 'asn', 0, '4200000001', 1, NULL)`,
    `INSERT INTO token (hash, prefix, once, note, created_at) VALUES ('${TOKEN}', '', 0, '', '${NOW}')`,
  ];
  for (const sql of rows) await driver.all(sql, []);
  driver.close();
}

for (let version = 1; version < MIGRATIONS.length; version++) {
  Deno.test(`openDatabase() brings a database of schema ${version} up to date and keeps what is in it`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "meshover-migrate-" });
    await writeOld(`${folder}/meshover.db`, version);
    const database = await openDatabase({ url: `file:${folder}/meshover.db` }, {});
    assert.equal((await database.read(readRoutePolicy)).mode, "open");
    assert.deepEqual(await database.read((db) => secretAge(db, 1)), { since: NOW, askedAt: null });
    const known = await database.write((tx) => enrol(tx, enrolCall("n1")));
    assert.deepEqual([known.number, known.asn], [1, 4200000001]);
    assert.equal((await database.write((tx) => enrol(tx, enrolCall("n2")))).number, 2);
    const [row] = await database.read((db) => db.all("SELECT version FROM schema_version"));
    assert.equal(row!.version, MIGRATIONS.length);
    await database.close();
    await Deno.remove(folder, { recursive: true });
  });
}
