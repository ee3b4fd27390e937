import assert from "node:assert/strict";
import type { NodeRow } from "../../lib/model/api.ts";
import { parsePrefix } from "../../lib/model/prefix.ts";
import { routeTable } from "../../lib/plan/route_table.ts";
import { peer } from "./fixture.ts";

function row(number: number, announced: string[], accepted: string[]): NodeRow {
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
      },
    },
  };
}

Deno.test("routeTable() gathers who announces and how many use a prefix, sorted by address", () => {
  const table = routeTable([
    row(1, ["172.20.7.0/24", "fd00::/64"], ["9.0.0.0/8"]),
    row(2, ["172.20.7.0/24"], ["9.0.0.0/8", "fd00::/64"]),
    { ...row(3, [], []), status: null },
  ]);
  assert.deepEqual(table, [
    { prefix: "9.0.0.0/8", announcedBy: [], acceptedBy: 2 },
    { prefix: "172.20.7.0/24", announcedBy: ["node1", "node2"], acceptedBy: 0 },
    { prefix: "fd00::/64", announcedBy: ["node1"], acceptedBy: 1 },
  ]);
});
