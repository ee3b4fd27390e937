import assert from "node:assert/strict";
import fc from "fast-check";
import type { NodeStatus, PeerStatus } from "../../lib/model/node_status.ts";
import type { HostName } from "../../lib/model/host_name.ts";
import { judgePeer, judgeStatus } from "../../lib/plan/judge_status.ts";
import { meshView, type NodeFacts } from "../../lib/plan/mesh_view.ts";
import { packPairs, unpackPairs } from "../../lib/plan/pair_bits.ts";
import { applyViewChange, viewChange } from "../../lib/plan/view_change.ts";
import { peer } from "./fixture.ts";

function told(number: number, change: Partial<PeerStatus> = {}): PeerStatus {
  return {
    number,
    name: `node${number}` as HostName,
    tunnel: `meshover0-tun${number}`,
    endpoint: "192.0.2.1:12912",
    handshakeAgeS: 10,
    rxBytes: 1,
    txBytes: 1,
    bgp: "Established",
    prefixesReceived: 2,
    prefixesSent: 2,
    ...change,
  };
}

function facts(number: number, peers: PeerStatus[] | null): NodeFacts {
  const { name, asn, addresses, tunnelAddress } = peer(number);
  const at = "2026-01-01T00:00:00Z";
  const status: NodeStatus | null = peers && {
    name,
    number,
    version: "0.1.0",
    at,
    parts: { frr: "system" },
    peers,
    reconcile: { at, tookMs: 1, done: 0, failed: [] },
  };
  const judgement = status && judgeStatus(status);
  return {
    self: { number, name, asn, addresses, tunnelAddress },
    version: "0.1.0",
    status,
    judgement,
    faults: (judgement?.faults ?? []).map((fault) => ({ ...fault, since: at })),
    accepted: null,
    since: at,
    heard: true,
  };
}

Deno.test("judgePeer() names the handshake before BGP, and no BGP where none runs", () => {
  const judge = (change: Partial<PeerStatus>, bgp = true) => judgePeer(told(2, change), { bgp });
  assert.equal(judge({}), undefined);
  assert.deepEqual(judge({ handshakeAgeS: null, bgp: "Idle" }), {
    peer: 2,
    fault: "no-handshake",
    word: "never",
  });
  assert.deepEqual(judge({ handshakeAgeS: 196 }), {
    peer: 2,
    fault: "no-handshake",
    word: "stale",
  });
  assert.deepEqual(judge({ bgp: "Active" }), { peer: 2, fault: "bgp-down", word: "Active" });
  assert.deepEqual(judge({ bgp: null }), { peer: 2, fault: "bgp-down", word: "no session" });
  assert.equal(judge({ bgp: null }, false), undefined);
});

Deno.test("meshView() tells of a link once, with the graver word and both ends", () => {
  const view = meshView([
    facts(1, [told(2, { bgp: "Active" }), told(3)]),
    facts(2, [told(1, { handshakeAgeS: null }), told(3)]),
    facts(3, null),
  ], { revision: 7 });
  assert.deepEqual(view.faults.map(({ a, b, fault, by }) => ({ a, b, fault, by })), [
    { a: 1, b: 2, fault: "no-handshake", by: [1, 2] },
  ]);
  assert.deepEqual(view.nodes.map((node) => node.state), ["trouble", "trouble", "silent"]);
  assert.equal(view.faultCount, 1);
});

Deno.test("unpackPairs() gives back what packPairs() took", () => {
  const graph = fc.integer({ min: 0, max: 30 }).chain((n) =>
    fc.tuple(
      fc.constant(n),
      fc.array(fc.tuple(fc.nat(Math.max(0, n - 1)), fc.nat(Math.max(0, n - 1)))),
    )
  );
  fc.assert(fc.property(graph, ([n, edges]) => {
    const numbers = Array.from({ length: n }, (_, i) => i * 3 + 1);
    const wanted = new Set(
      edges.filter(([a, b]) => a < n && b < n && a !== b)
        .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    );
    const text = packPairs(
      numbers,
      (i) => edges.filter(([a]) => a === i).map(([, b]) => b * 3 + 1),
    );
    const got = new Set<string>();
    unpackPairs(text, { n, each: (i, j) => got.add(`${i}-${j}`) });
    assert.deepEqual(got, n === 0 ? new Set() : wanted);
  }));
});

Deno.test("applyViewChange() leads from one view to the other", () => {
  const state = fc.constantFrom(null, "Established", "Active");
  const mesh = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1 }).chain((numbers) =>
    fc.tuple(fc.constant(numbers.toSorted()), fc.array(state, { minLength: 9, maxLength: 9 }))
  ).map(([numbers, states]) =>
    meshView(
      numbers.map((number) =>
        facts(
          number,
          states[number - 1] === null
            ? null
            : numbers.filter((n) => n !== number).map((n) => told(n, { bgp: states[number - 1]! })),
        )
      ),
      { revision: 1 },
    )
  );
  fc.assert(fc.property(mesh, mesh, (before, after) => {
    const change = viewChange(before, after);
    assert.deepEqual(change === undefined ? before : applyViewChange(before, change), after);
  }));
});
