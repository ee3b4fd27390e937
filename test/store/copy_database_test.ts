import assert from "node:assert/strict";
import { parseHostName } from "../../lib/model/host_name.ts";
import { copyDatabase, restoreDatabase } from "../../lib/store/copy_database.ts";
import { enrol } from "../../lib/store/enrol.ts";
import { readMesh } from "../../lib/store/mesh.ts";
import { removeNode } from "../../lib/store/node_changes.ts";
import { nodesSince } from "../../lib/store/nodes.ts";
import { openDatabase } from "../../lib/store/open_database.ts";
import type { Database } from "../../lib/store/database.ts";
import { enrolCall, NOW, withDatabase } from "./with_database.ts";

async function namesIn(database: Database): Promise<string[]> {
  return await database.read(async (reader) => {
    const names = [];
    for await (const { nodes } of nodesSince(reader, 0)) {
      names.push(...nodes.map((node) => node.self.name));
    }
    return names.sort();
  });
}

Deno.test("copyDatabase() and restoreDatabase() bring everything back, and newer revisions for all of it", () =>
  withDatabase(async (database, folder) => {
    const before = await database.write((tx) => enrol(tx, enrolCall("a")));
    await database.write((tx) => enrol(tx, enrolCall("b")));
    const backup = await openDatabase({ url: `file:${folder}/backup.db` }, { meshId: "backup" });
    await copyDatabase(database, backup);

    await database.write((tx) => enrol(tx, enrolCall("later")));
    await database.write((tx) => removeNode(tx, { name: parseHostName("a"), now: NOW }));
    const ahead = await database.read(readMesh);
    assert.deepEqual(await restoreDatabase(backup, database), { nodes: 2 });
    await backup.close();

    assert.deepEqual(await namesIn(database), ["a", "b"]);
    assert.deepEqual(await database.write((tx) => enrol(tx, enrolCall("a"))), before);
    const after = await database.read(readMesh);
    assert.equal(after.meshId, ahead.meshId);
    assert.ok(after.revision > ahead.revision && after.generation > ahead.generation);
  }));

Deno.test("a backup is complete in its one file", () =>
  withDatabase(async (database, folder) => {
    await database.write((tx) => enrol(tx, enrolCall("a")));
    const backup = await openDatabase({ url: `file:${folder}/backup.db` }, { meshId: "backup" });
    await copyDatabase(database, backup);
    await backup.seal();
    await backup.close();
    await Deno.rename(`${folder}/backup.db`, `${folder}/moved.db`);
    const moved = await openDatabase({ url: `file:${folder}/moved.db` }, {});
    assert.deepEqual(await namesIn(moved), ["a"]);
    await moved.close();
  }));

Deno.test("copyDatabase() refuses to write over a mesh", () =>
  withDatabase(async (database, folder) => {
    await database.write((tx) => enrol(tx, enrolCall("a")));
    const other = await openDatabase({ url: `file:${folder}/other.db` }, { meshId: "other" });
    await assert.rejects(copyDatabase(other, database), /it holds nodes already/);
    await other.close();
  }));
