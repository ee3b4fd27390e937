import assert from "node:assert/strict";
import { makeController } from "../../lib/controller/controller.ts";
import { insertAudit } from "../../lib/store/audit.ts";
import { openDatabase, placeInFolder } from "../../lib/store/open_database.ts";
import { waitFor } from "../lab/wait_for.ts";
import { NOW, POOLS } from "../store/with_database.ts";

Deno.test("a full disk is told once, by the log and /readyz, and once more when there is room", async () => {
  const folder = await Deno.makeTempDir({ prefix: "meshover-watch-" });
  const database = await openDatabase(placeInFolder(folder), { meshId: "test" });
  const lines: string[] = [];
  const log = (_level: string, message: string) => void lines.push(message);
  const controller = await makeController({ database, password: "p", pools: POOLS, log });
  const room = (pages: number) => database.read((db) => db.all(`PRAGMA max_page_count = ${pages}`));
  const entry = {
    at: NOW,
    source: "x".repeat(9000),
    actor: "",
    action: "",
    subject: "",
    detail: "",
  };
  try {
    await room(1);
    for (let i = 0; i < 3; i++) {
      await assert.rejects(database.write((tx) => insertAudit(tx, entry)), { trouble: "full" });
    }
    assert.match(controller.context.waitingFor().join(), /the disk is full/);
    await waitFor("the log tells", () => Promise.resolve(lines.length > 0));
    await room(1_000_000);
    const isOver = () => controller.context.waitingFor().length === 0 && lines.length > 1;
    await waitFor("the database works again", () => Promise.resolve(isOver()));
    assert.equal(lines.length, 2);
    assert.match(lines[0]!, /the disk is full.*nodes keep what they have/);
    assert.equal(lines[1], "the database works again");
  } finally {
    await controller.close();
    await Deno.remove(folder, { recursive: true });
  }
});
