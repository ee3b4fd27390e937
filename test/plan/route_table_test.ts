import assert from "node:assert/strict";
import type { RefusedRoute } from "../../lib/model/node_routes.ts";
import type { NodeRow } from "../../lib/model/nodes_api.ts";
import { parsePrefix } from "../../lib/model/prefix.ts";
import { parseHostName } from "../../lib/model/host_name.ts";
import { RouteJudge } from "../../lib/plan/route_state.ts";
import { idleDecisions, routeTable } from "../../lib/plan/route_table.ts";
import { peer } from "./fixture.ts";

function row(
  number: number,
  announced: string[],
  accepted: string[],
  refused: RefusedRoute[] = [],
): NodeRow {
  const at = "2026-01-01T00:00:00Z";
  return {
    peer: peer(number),
    enrolledAt: at,
    lastSeen: at,
    status: {
      name: peer(number).name,
      number,
      version: "0.1.0",
      at,
      parts: {},
      peers: [],
      reconcile: { at, tookMs: 1, done: 0, failed: [] },
      routes: {
        announced: announced.map(parsePrefix),
        accepted: accepted.map((prefix) => ({ prefix: parsePrefix(prefix), via: [1] })),
        announcedCount: announced.length,
        acceptedCount: accepted.length,
        refused,
        refusedCount: refused.length,
      },
    },
  };
}

const judge = new RouteJudge({
  policy: {
    mode: "approve",
    decisions: [{ prefix: parsePrefix("172.20.0.0/16"), node: 1, verdict: "approved" }],
  },
  mesh: { tunnelPools: [], nodePools: [] },
  owners: [],
});

Deno.test("routeTable() gathers who announces, uses and refuses a prefix, sorted by address", () => {
  const refused = {
    prefix: parsePrefix("9.0.0.0/8"),
    from: [1],
    origin: peer(1).asn,
    why: "denied",
  };
  const table = routeTable([
    row(1, ["172.20.7.0/24", "fd00::/64"], ["9.0.0.0/8"]),
    row(2, ["172.20.7.0/24"], ["9.0.0.0/8", "fd00::/64"], [refused]),
    { ...row(3, [], []), status: null },
  ], judge);
  assert.deepEqual(table, [
    {
      prefix: "9.0.0.0/8",
      announcedBy: [],
      acceptedBy: 2,
      states: {},
      refusedBy: [{ node: "node2", origin: "node1", why: "denied" }],
    },
    {
      prefix: "172.20.7.0/24",
      announcedBy: ["node1", "node2"],
      acceptedBy: 0,
      states: { node1: "approved", node2: "waiting" },
      refusedBy: [],
    },
    {
      prefix: "fd00::/64",
      announcedBy: ["node1"],
      acceptedBy: 1,
      states: { node1: "waiting" },
      refusedBy: [],
    },
  ]);
});

Deno.test("idleDecisions() are those under which nothing is announced", () => {
  const table = routeTable([row(1, ["172.20.7.0/24"], [])], judge);
  const decision = (prefix: string, node: string | null) => ({
    prefix: parsePrefix(prefix),
    node: node === null ? null : parseHostName(node),
    verdict: "approved" as const,
    at: "2026-01-01T00:00:00Z",
  });
  const decisions = [
    decision("172.20.0.0/16", "node1"),
    decision("172.20.0.0/16", "node2"),
    decision("172.20.0.0/16", null),
    decision("10.0.0.0/8", null),
  ];
  const idle = idleDecisions(table, { decisions });
  assert.deepEqual(idle.map(({ prefix, node }) => `${prefix} ${node}`), [
    "10.0.0.0/8 null",
    "172.20.0.0/16 node2",
  ]);
});
