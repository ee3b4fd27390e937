import assert from "node:assert/strict";
import fc from "fast-check";
import type { RouteDecision, RouteVerdict } from "../../lib/model/route_policy.ts";
import { parseAsn } from "../../lib/model/asn.ts";
import { parsePrefix } from "../../lib/model/prefix.ts";
import type { FrrOrigin, FrrTrust } from "../../lib/plan/frr_origin.ts";
import { MAX_CHECKED_NODES, trustText } from "../../lib/plan/frr_trust.ts";
import { RouteJudge } from "../../lib/plan/route_state.ts";
import { parseInterfaceAddress } from "../../lib/model/prefix.ts";
import { readRouteMap } from "./frr_route_map.ts";

function origin(number: number): FrrOrigin {
  const v4 = `10.${128 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
  return {
    number,
    asn: parseAsn(String(4_200_000_000 + number)),
    addresses: [
      parsePrefix(`${v4}/32`),
      parsePrefix(`fd00:beef:${(number >> 16) + 1}:${(number & 0xffff).toString(16)}::/64`),
    ],
  };
}

function decision(prefix: string, verdict: RouteVerdict, node: number | null): RouteDecision {
  return { prefix: parsePrefix(prefix), verdict, node };
}

/** Whether the route map lets in what begins in this AS, over this path. */
function lets(trust: FrrTrust, prefix: string, ...path: number[]): boolean {
  return readRouteMap(trustText(trust), "meshover-trust")({ prefix: parsePrefix(prefix), path });
}

const AS = (number: number) => 4_200_000_000 + number;
const open: FrrTrust = { mode: "open", origins: [2, 3, 34].map(origin), decisions: [] };

Deno.test("trustText() lets nobody have another node's address, nor anything inside it", () => {
  assert.equal(lets(open, "10.128.0.2/32", AS(2)), true);
  assert.equal(lets(open, "10.128.0.2/32", AS(3), AS(2)), true);
  for (const thief of [AS(3), AS(34), AS(4), 64_512]) {
    assert.equal(lets(open, "10.128.0.2/32", thief), false, `${thief}`);
    assert.equal(lets(open, "fd00:beef:1:2::1/128", thief), false, `${thief}`);
  }
  assert.equal(lets(open, "10.70.0.0/16", AS(3)), true);
});

Deno.test("trustText() takes what a router of the operator's behind a node announces for the node's", () => {
  const approve = {
    ...open,
    mode: "approve",
    decisions: [decision("10.70.0.0/16", "approved", 2)],
  } as const;
  assert.equal(lets(approve, "10.70.0.0/16", AS(2), 65_010), true);
  assert.equal(lets(approve, "10.70.0.0/16", AS(3), 65_010), false);
});

Deno.test("trustText() lets nothing stand behind nodes where nodes have private AS numbers of 16 bits", () => {
  const mixed = { ...open, origins: [origin(2), { ...origin(3), asn: parseAsn("64512") }] };
  assert.equal(lets(mixed, "10.128.0.2/32", AS(2), 64_512), false);
  assert.equal(lets(mixed, "10.128.0.3/32", AS(2), 64_512), true);
});

Deno.test("trustText() in approve mode takes nodes' own addresses and what was approved, nothing else", () => {
  const approve: FrrTrust = {
    ...open,
    mode: "approve",
    decisions: [
      decision("10.70.0.0/16", "approved", 2),
      decision("10.70.9.0/24", "denied", 2),
      decision("10.71.0.0/16", "approved", null),
      decision("10.71.7.0/24", "denied", null),
      decision("10.71.7.0/25", "approved", 3),
      decision("10.0.0.0/8", "approved", 3),
    ],
  };
  const cases: [string, number, boolean][] = [
    ["10.128.0.2/32", 2, true],
    ["fd00:beef:1:2::/64", 2, true],
    ["10.128.0.2/32", 3, false],
    ["10.70.1.0/24", 2, true],
    ["10.70.9.0/24", 2, false],
    ["10.70.1.0/24", 34, false],
    ["10.71.1.0/24", 34, true],
    ["10.71.7.0/24", 34, false],
    ["10.71.7.0/25", 3, true],
    ["172.16.0.0/16", 2, false],
    ["fd00:70::/64", 2, false],
  ];
  for (const [prefix, node, expected] of cases) {
    assert.equal(lets(approve, prefix, AS(node)), expected, `${prefix} of ${node}`);
  }
});

Deno.test("trustText() denies in open mode too, but never a node's own address", () => {
  const denying = { ...open, decisions: [decision("10.0.0.0/8", "denied", null)] };
  assert.equal(lets(denying, "10.70.0.0/16", AS(2)), false);
  assert.equal(lets(denying, "172.16.0.0/16", AS(2)), true);
  assert.equal(lets(denying, "10.128.0.2/32", AS(2)), true);
});

Deno.test("trustText() changes two lines of all others when a node comes", () => {
  const origins = [2, 3, 18, 40, 75].map(origin);
  const before = trustText({ ...open, origins }).split("\n");
  const more = new Set(trustText({ ...open, origins: [...origins, origin(50)] }).split("\n"));
  // Paths of the nodes whose numbers have the same digit at either place: 18 at the first, 40 at the second.
  assert.deepEqual(
    before.filter((line) => !more.has(line)).map((line) => line.split(" deny ")[0]),
    ["0-18", "1-1"].map((group) => `bgp as-path access-list meshover-not-${group} seq 1`),
  );
});

Deno.test("trustText() needs few route-map entries for many nodes, and stays within FRR's numbers", () => {
  const origins = Array.from({ length: 200 }, (_, i) => origin(i + 1));
  const decisions = [1, 7, 13_001, 99_999].map((n) => decision("10.9.0.0/16", "denied", n));
  const text = trustText({
    mode: "approve",
    origins: [...origins, origin(13_001), origin(99_999)],
    decisions,
  });
  const entries = [...text.matchAll(/^route-map meshover-trust \w+ (\d+)$/gm)].map((m) =>
    Number(m[1])
  );
  assert.equal(new Set(entries).size, entries.length);
  assert.ok(Math.max(...entries) <= 65_535);
  assert.ok(entries.length < 300, `${entries.length}`);
});

Deno.test("trustText() tells any two nodes apart, whatever their numbers", () => {
  const number = fc.integer({ min: 1, max: 99_999 });
  const near = fc.constantFrom(1, 31, 32, 33, 1023, 1024, 1025, 32_768);
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.oneof(number, near), { minLength: 2, maxLength: 8 }),
      (numbers) => {
        const judge = readRouteMap(
          trustText({ ...open, origins: numbers.map(origin) }),
          "meshover-trust",
        );
        for (const owner of numbers) {
          for (const thief of numbers) {
            for (const prefix of origin(owner).addresses) {
              const path = owner === thief ? [AS(owner)] : [AS(owner), AS(thief)];
              assert.equal(judge({ prefix, path }), owner === thief, `${owner} of ${thief}`);
            }
          }
        }
      },
    ),
  );
});

Deno.test("trustText() keeps the lists of a large mesh short, and each line within what FRR reads", () => {
  const lines = trustText({
    ...open,
    origins: Array.from({ length: 1000 }, (_, i) => origin(i + 1)),
  })
    .split("\n");
  const lists = Map.groupBy(lines, (line) => /^ip(v6)? prefix-list \S+/.exec(line)?.[0]);
  lists.delete(undefined);
  assert.ok(lists.size > 100);
  for (const [list, elements] of lists) assert.ok(elements.length <= 32, `${list}`);
  assert.ok(Math.max(...lines.map(({ length }) => length)) < 500);
});

Deno.test("trustText() and RouteJudge agree on every route of every node", () => {
  const prefixes = [
    "10.128.0.2/32",
    "10.128.0.3/32",
    "fd00:beef:1:2::/64",
    "fd00:beef:1:22::5/128",
    "10.70.0.0/16",
    "10.70.1.0/24",
    "10.70.1.128/25",
    "fd00:70::/64",
  ];
  const decisions = fc.array(
    fc.record({
      prefix: fc.constantFrom("10.0.0.0/8", "10.70.0.0/16", "10.70.1.0/24", "fd00:70::/48"),
      verdict: fc.constantFrom<RouteVerdict[]>("approved", "denied"),
      node: fc.constantFrom(null, 2, 3, 34),
    }),
    { maxLength: 6 },
  );
  fc.assert(fc.property(
    decisions,
    fc.constantFrom("open" as const, "approve" as const),
    fc.constantFrom(...prefixes),
    fc.constantFrom(2, 3, 34),
    (some, mode, prefix, node) => {
      const parsed = some.map((one) => decision(one.prefix, one.verdict, one.node));
      const trust: FrrTrust = { ...open, mode, decisions: parsed };
      const judge = new RouteJudge({
        policy: { mode, decisions: parsed },
        mesh: { tunnelPools: [], nodePools: [] },
        owners: open.origins.map(({ number, addresses }) => ({
          number,
          addresses: addresses.map((one) => parseInterfaceAddress(one)),
        })),
      });
      const state = judge.stateOf(parsePrefix(prefix), node);
      assert.equal(
        lets(trust, prefix, AS(node)),
        ["own", "approved", "open"].includes(state),
        state,
      );
    },
  ));
});

Deno.test("trustText() leaves the check of addresses out of an open mesh that is too large for it, but no approval", () => {
  const origins = Array.from({ length: MAX_CHECKED_NODES + 1 }, (_, i) => origin(i + 1));
  const large = { ...open, origins };
  assert.ok(trustText(large).split("\n").length < 10);
  assert.equal(lets(large, "10.128.0.2/32", AS(3)), true);
  const denying = { ...large, decisions: [decision("10.0.0.0/8", "denied", null)] };
  assert.equal(lets(denying, "10.128.0.2/32", AS(2)), true);
  assert.equal(lets(denying, "10.70.0.0/16", AS(2)), false);
  assert.equal(lets({ ...large, mode: "approve" }, "10.128.0.2/32", AS(3)), false);
  assert.equal(lets({ ...large, mode: "approve" }, "10.128.0.2/32", AS(2)), true);
});
