import assert from "node:assert/strict";
import { parseAddress } from "../../lib/model/address.ts";
import type { NodeStatus } from "../../lib/model/node_status.ts";
import type { NodeRow } from "../../lib/model/nodes_api.ts";
import type { HostName } from "../../lib/model/host_name.ts";
import { parsePrefix } from "../../lib/model/prefix.ts";
import { tracePath } from "../../lib/plan/trace_path.ts";
import { peer } from "./fixture.ts";

interface Told {
  readonly announced?: string[];
  /** Prefix and the peers it leads to. */
  readonly accepted?: [string, ...number[]][];
  /** Peers and the words for their sessions. */
  readonly peers?: [number, string, number?][];
}

function row(number: number, told: Told | null): NodeRow {
  const at = "2026-01-01T00:00:00Z";
  const { announced = [], accepted = [], peers = [] } = told ?? {};
  const status: NodeStatus = {
    name: peer(number).name,
    number,
    version: "0.1.0",
    at,
    parts: { frr: "system" },
    peers: peers.map(([to, bgp, handshakeAgeS = 5]) => ({
      number: to,
      name: `node${to}` as HostName,
      tunnel: `meshover0-tun${to}`,
      endpoint: null,
      handshakeAgeS: handshakeAgeS < 0 ? null : handshakeAgeS,
      rxBytes: 0,
      txBytes: 0,
      bgp,
      prefixesReceived: 1,
      prefixesSent: 1,
    })),
    reconcile: { at, tookMs: 1, done: 0, failed: [] },
    routes: {
      announced: announced.map(parsePrefix),
      accepted: accepted.map(([prefix, ...via]) => ({ prefix: parsePrefix(prefix), via })),
      announcedCount: announced.length,
      acceptedCount: accepted.length,
    },
  };
  return {
    peer: peer(number),
    enrolledAt: at,
    lastSeen: at,
    status: told === null ? null : status,
  };
}

function trace(nodes: Record<number, Told | null>, to: string) {
  const rows = new Map(Object.entries(nodes).map(([n, told]) => [Number(n), row(Number(n), told)]));
  return tracePath(rows, rows.get(1)!, parseAddress(to));
}

const UP: [number, string] = [2, "Established"];

Deno.test("tracePath() follows the longest prefix, and names tunnel, MTU and who announced it", () => {
  const path = trace({
    1: { accepted: [["172.20.0.0/16", 3], ["172.20.7.0/24", 2]], peers: [UP] },
    2: { announced: ["172.20.7.0/24"] },
    3: { announced: ["172.20.0.0/16"] },
  }, "172.20.7.10");
  assert.equal(path.delivered, "node2");
  assert.equal(path.mtu, 1396);
  assert.deepEqual(path.hops.map(({ from, to, tunnel, kind }) => ({ from, to, tunnel, kind })), [
    { from: "node1", to: "node2", tunnel: "meshover0-tun2", kind: "gre" },
  ]);
  assert.deepEqual(path.announcers.map(({ node }) => node), ["node2", "node3"]);
});

Deno.test("tracePath() goes on from node to node, and knows its own addresses", () => {
  const path = trace({
    1: { accepted: [["10.128.0.3/32", 2]], peers: [UP] },
    2: { accepted: [["10.128.0.3/32", 3]], peers: [[3, "Established"]] },
    3: {},
  }, "10.128.0.3");
  assert.deepEqual(path.hops.map((hop) => hop.to), ["node2", "node3"]);
  assert.equal(path.delivered, "node3");
  assert.equal(trace({ 1: {} }, "10.128.0.1").delivered, "node1");
});

Deno.test("tracePath() says why there is no way", () => {
  const reason = (nodes: Record<number, Told | null>) => trace(nodes, "172.20.7.10").reason;
  const announces = { announced: ["172.20.7.0/24"] };
  assert.equal(reason({ 1: {}, 2: {} }), "no node announces a route to 172.20.7.10");
  assert.match(
    reason({ 1: { peers: [[2, "Active"]] }, 2: announces })!,
    /node2, which announces it, is down: BGP Active$/,
  );
  assert.match(
    reason({ 1: { peers: [UP] }, 2: announces })!,
    /is up, but it does not use the route/,
  );
  assert.match(reason({ 1: null, 2: announces })!, /^node1 is silent/);
  const via = { accepted: [["172.20.7.0/24", 2]] as [string, number][] };
  assert.match(
    reason({ 1: { ...via, peers: [[2, "Established", -1]] }, 2: announces })!,
    /no WireGuard handshake with node2 \(never\)/,
  );
  const back = {
    accepted: [["172.20.7.0/24", 1]] as [string, number][],
    peers: [[1, "Established"]] as [number, string][],
  };
  assert.match(
    reason({ 1: { ...via, peers: [UP] }, 2: back })!,
    /goes in a circle: it comes back to node1/,
  );
});
