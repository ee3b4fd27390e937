import assert from "node:assert/strict";
import fc from "fast-check";
import type { Prefix } from "../../lib/model/prefix.ts";
import {
  contested,
  type GatheringInput,
  gatheringTables,
  planGathering,
} from "../../lib/plan/gathering.ts";
import { ruleKey } from "../../lib/plan/host_state.ts";
import { linkLocalOf } from "../../lib/plan/names.ts";
import { neighbours } from "../../lib/plan/topology.ts";
import { peer, self } from "./fixture.ts";

const RANGE = "203.0.113.0/24" as Prefix;
const RANGE6 = "2001:db8:77::/48" as Prefix;

function input(change: Partial<GatheringInput> = {}): GatheringInput {
  const peers = [
    peer(2, { gathers: [RANGE, RANGE6] }),
    peer(3, { gathers: [RANGE], tunnels: ["vxlan"] }),
    peer(4),
  ];
  return {
    selfNumber: 1,
    ownRanges: [],
    near: neighbours(self(1), peers),
    live: new Set([2, 3, 4]),
    rttMs: new Map([[2, 10], [3, 2]]),
    current: new Map(),
    ...change,
  };
}

Deno.test("planGathering() sends a range to the nearest live gatherer, and specific routes first", () => {
  const { rules, routes } = planGathering(input());
  assert.deepEqual(rules.map(ruleKey), [
    "4 5199 all 254 specific",
    "6 5199 all 254 specific",
    "6 5240 2001:db8:77::/48 534",
    "4 5208 203.0.113.0/24 535",
  ]);
  assert.deepEqual(routes.find((r) => r.table === 535), {
    dst: "0.0.0.0/0",
    dev: "meshover0-tun3",
    table: 535,
    via: "fe80::ff:fe06:1",
  });
  assert.deepEqual(routes.find((r) => r.table === 534), {
    dst: "::/0",
    dev: "meshover0-tun2",
    table: 534,
  });
});

Deno.test("planGathering() takes the next gatherer when the nearest is gone, and no rule when all are", () => {
  const tables = (live: number[]) =>
    planGathering(input({ live: new Set(live) })).rules.filter((r) => r.from === RANGE).map((r) =>
      r.table
    );
  assert.deepEqual([tables([2, 3]), tables([2]), tables([])], [[535], [534], []]);
  assert.deepEqual(planGathering(input({ live: new Set() })), { rules: [], routes: [] });
});

Deno.test("planGathering() leaves a gatherer only for one that is clearly nearer", () => {
  const stays = (rtt: number) =>
    planGathering(input({ current: new Map([[RANGE, 534]]), rttMs: new Map([[2, 10], [3, rtt]]) }))
      .rules.find((r) => r.from === RANGE)!.table;
  assert.deepEqual([stays(8), stays(5)], [534, 535]);
});

Deno.test("planGathering() has no rule for a range that this node gathers itself", () => {
  const { rules } = planGathering(input({ ownRanges: [RANGE, RANGE6] }));
  assert.deepEqual(rules, []);
});

Deno.test("planGathering() asks longer ranges before shorter ones", () => {
  const near = neighbours(self(1), [
    peer(2, { gathers: ["10.0.0.0/8", "10.1.0.0/16"] as Prefix[] }),
  ]);
  const { rules } = planGathering(input({ near }));
  const priority = (from: string) => rules.find((r) => r.from === from)!.priority;
  assert.ok(priority("10.1.0.0/16") < priority("10.0.0.0/8"));
});

Deno.test("gatheringTables() gives every node a table of its own within 532 to 599", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 99_999 }), { maxLength: 90 }),
      (numbers) => {
        const tables = [...gatheringTables(numbers).values()];
        assert.equal(new Set(tables).size, tables.length);
        assert.equal(tables.length, Math.min(numbers.length, 68));
        assert.ok(tables.every((t) => t >= 532 && t <= 599));
      },
    ),
  );
});

Deno.test("contested() are the nodes that gather what others gather too", () => {
  const peers = [
    peer(2, { gathers: [RANGE, RANGE6] }),
    peer(3, { gathers: [RANGE] }),
    peer(4),
    peer(5),
  ];
  assert.deepEqual(contested(peers).map((p) => p.number), [2, 3]);
  assert.deepEqual(contested(peers.slice(0, 1)), []);
});

Deno.test("linkLocalOf() is the address that the kernel makes from a hardware address", () => {
  assert.equal(linkLocalOf("26:cb:99:0f:9e:3d"), "fe80::24cb:99ff:fe0f:9e3d");
});
