import assert from "node:assert/strict";
import type { FeedAnswer } from "../../lib/model/feed_api.ts";
import { NO_SNAPSHOT, type Snapshot, takeFeed } from "../../lib/plan/snapshot.ts";
import { key, peer } from "./fixture.ts";

const mesh = { tunnelPools: [], nodePools: [] };
const answer = (change: Partial<FeedAnswer>): FeedAnswer => ({
  meshId: "m",
  revision: 10,
  full: false,
  peers: [],
  removed: [],
  mesh,
  ...change,
});
const routePolicy = { mode: "approve" as const, decisions: [] };
const known: Snapshot = {
  meshId: "m",
  revision: 9,
  peers: [peer(1), peer(2), peer(3)],
  mesh,
  routePolicy,
};
const numbers = (snapshot: Snapshot) => snapshot.peers.map((p) => p.number);

Deno.test("takeFeed() adds and changes peers, and keeps those that are not named", () => {
  const { snapshot } = takeFeed(known, answer({ peers: [peer(4), peer(2, { port: 1 })] }));
  assert.deepEqual(numbers(snapshot), [1, 2, 3, 4]);
  assert.equal(snapshot.peers[1]!.port, 1);
  assert.equal(snapshot.revision, 10);
});

Deno.test("takeFeed() drops a peer only when its number is among the removed", () => {
  assert.deepEqual(numbers(takeFeed(known, answer({ full: true })).snapshot), [1, 2, 3]);
  assert.deepEqual(numbers(takeFeed(known, answer({ removed: [2] })).snapshot), [1, 3]);
});

Deno.test("takeFeed() keeps the route policy until it is told another", () => {
  assert.deepEqual(takeFeed(known, answer({})).snapshot.routePolicy, routePolicy);
  const told = { mode: "open" as const, decisions: [] };
  assert.deepEqual(takeFeed(known, answer({ routePolicy: told })).snapshot.routePolicy, told);
});

Deno.test("takeFeed() refuses the word of another mesh", () => {
  const { snapshot, oddity } = takeFeed(
    known,
    answer({ meshId: "other", full: true, removed: [1, 2, 3] }),
  );
  assert.equal(oddity, "another mesh");
  assert.equal(snapshot, known);
});

Deno.test("takeFeed() keeps what it knows when the controller went back to an older state", () => {
  const old = peer(2, { publicKey: key(99) });
  const { snapshot, oddity } = takeFeed(
    known,
    answer({ revision: 3, full: true, peers: [old, peer(5)] }),
  );
  assert.equal(oddity, "older than before");
  assert.deepEqual(numbers(snapshot), [1, 2, 3, 5]);
  assert.equal(snapshot.peers[1]!.publicKey, key(2));
  assert.equal(snapshot.revision, 3);
});

Deno.test("takeFeed() takes everything when nothing is known", () => {
  assert.deepEqual(
    numbers(takeFeed(NO_SNAPSHOT, answer({ full: true, peers: [peer(2), peer(1)] })).snapshot),
    [1, 2],
  );
});
