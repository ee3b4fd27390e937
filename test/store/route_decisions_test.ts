import assert from "node:assert/strict";
import { MAX_ROUTE_DECISIONS } from "../../lib/model/route_policy.ts";
import { parseHostName } from "../../lib/model/host_name.ts";
import { parsePrefix } from "../../lib/model/prefix.ts";
import { copyDatabase, restoreDatabase } from "../../lib/store/copy_database.ts";
import type { Database } from "../../lib/store/database.ts";
import { enrol } from "../../lib/store/enrol.ts";
import { readMesh } from "../../lib/store/mesh.ts";
import { removeNode } from "../../lib/store/node_changes.ts";
import { openDatabase } from "../../lib/store/open_database.ts";
import {
  decideRoute,
  readRoutePolicy,
  setRouteMode,
  toldPolicy,
} from "../../lib/store/route_decisions.ts";
import { enrolCall, NOW, withDatabase } from "./with_database.ts";

const prefix = parsePrefix("10.70.0.0/16");

async function decide(
  database: Database,
  change: Partial<Parameters<typeof decideRoute>[1]>,
): Promise<boolean> {
  const whole = { prefix, node: null, verdict: "approved", now: NOW, ...change } as const;
  return await database.write((tx) => decideRoute(tx, whole));
}

Deno.test("decideRoute() keeps one verdict for a prefix and a node, and moves the revision only when it changes", () =>
  withDatabase(async (database) => {
    assert.equal(await decide(database, {}), true);
    const { revision } = await database.read(readRoutePolicy);
    assert.equal(revision, (await database.read(readMesh)).revision);
    assert.equal(await decide(database, {}), false);
    assert.equal((await database.read(readRoutePolicy)).revision, revision);
    assert.equal(await decide(database, { node: 3, verdict: "denied" }), true);
    assert.equal(await decide(database, { verdict: "denied" }), true);
    const policy = await database.read(readRoutePolicy);
    assert.deepEqual(toldPolicy(policy), {
      mode: "open",
      decisions: [{ prefix, node: null, verdict: "denied" }, {
        prefix,
        node: 3,
        verdict: "denied",
      }],
    });
    assert.ok(policy.revision > revision);
    assert.equal(await decide(database, { verdict: null }), true);
    assert.equal(await decide(database, { verdict: null }), false);
    assert.equal((await database.read(readRoutePolicy)).decisions.length, 1);
  }));

Deno.test("setRouteMode() tells of a change once", () =>
  withDatabase(async (database) => {
    assert.equal(await database.write((tx) => setRouteMode(tx, "open")), false);
    assert.equal(await database.write((tx) => setRouteMode(tx, "approve")), true);
    assert.equal(await database.write((tx) => setRouteMode(tx, "approve")), false);
    assert.equal((await database.read(readRoutePolicy)).mode, "approve");
  }));

Deno.test("decideRoute() refuses more decisions than FRR can take", () =>
  withDatabase(async (database) => {
    await database.write(async (tx) => {
      for (let i = 0; i < MAX_ROUTE_DECISIONS; i++) {
        const one = parsePrefix(`10.${i >> 8}.${i & 255}.0/24`);
        await decideRoute(tx, { prefix: one, node: null, verdict: "approved", now: NOW });
      }
    });
    await assert.rejects(decide(database, {}), { name: "Refusal", code: "too_many_decisions" });
  }));

Deno.test("removeNode() forgets what was decided about the node", () =>
  withDatabase(async (database) => {
    const { number } = await database.write((tx) => enrol(tx, enrolCall("a")));
    await decide(database, { node: number });
    await decide(database, { node: null });
    await database.write((tx) => removeNode(tx, { name: parseHostName("a"), now: NOW }));
    const { decisions } = await database.read(readRoutePolicy);
    assert.deepEqual(decisions.map(({ node }) => node), [null]);
  }));

Deno.test("restoreDatabase() brings the policy back with a newer revision, so that every node hears of it", () =>
  withDatabase(async (database, folder) => {
    await database.write((tx) => setRouteMode(tx, "approve"));
    await decide(database, {});
    const backup = await openDatabase({ url: `file:${folder}/backup.db` }, { meshId: "backup" });
    await copyDatabase(database, backup);
    await database.write((tx) => setRouteMode(tx, "open"));
    await decide(database, { verdict: null });
    const before = await database.read(readRoutePolicy);
    await restoreDatabase(backup, database);
    await backup.close();
    const after = await database.read(readRoutePolicy);
    assert.equal(after.mode, "approve");
    assert.deepEqual(after.decisions.map((one) => one.prefix), [prefix]);
    assert.ok(after.revision > before.revision);
  }));
