import assert from "node:assert/strict";
import { Feed } from "../../lib/controller/feed.ts";
import { MeshState } from "../../lib/controller/mesh_state.ts";

const READERS = 1_000;

interface Reading {
  readonly feed: Feed;
  readonly state: MeshState;
  /** Numbers of the readers that were answered, in their order. */
  readonly answered: number[];
  readonly all: Promise<unknown>;
}

/** Many nodes that have revision 1 and wait for the next. */
function readers(options: { waitMs: number }): Reading {
  const state = new MeshState();
  state.revision = 1;
  const feed = new Feed({ state, gatherMs: 1, waitMs: options.waitMs });
  const answered: number[] = [];
  const numbers = Array.from({ length: READERS }, (_, i) => i + 1);
  const all = Promise.all(
    numbers.map((number) => feed.next({ number, since: 1 }).then(() => answered.push(number))),
  );
  return { feed, state, answered, all };
}

Deno.test("Feed answers many readers in groups, so that the first hear while the last still wait", async () => {
  const { feed, state, answered, all } = readers({ waitMs: 60_000 });
  assert.equal(feed.readers, READERS);
  state.revision = 2;
  feed.moved();
  while (answered.length === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  assert.ok(answered.length < READERS, "all at once");
  assert.equal(feed.readers, READERS - answered.length);
  await all;
  assert.deepEqual([...new Set(answered)].length, READERS);
  assert.equal(feed.readers, 0);
  feed.close();
});

Deno.test("Feed.close() answers everybody at once, also those whose turn has not come", async () => {
  const { feed, state, answered, all } = readers({ waitMs: 60_000 });
  state.revision = 2;
  feed.moved();
  while (answered.length === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  feed.close();
  await all;
  assert.equal(feed.readers, 0);
});

Deno.test("Feed spreads readers that have nothing to hear, and keeps nobody longer than the wait", async () => {
  const begin = performance.now();
  const { feed, answered, all } = readers({ waitMs: 8_000 });
  await all;
  assert.ok(performance.now() - begin < 60_000);
  // They came in the order of their numbers; spread evenly, they do not leave in it.
  assert.notDeepEqual(answered, answered.toSorted((a, b) => a - b));
  feed.close();
});

Deno.test("Feed tells of a change that comes alone sooner than of a burst", async () => {
  for (const changes of [1, 2]) {
    const state = new MeshState();
    state.revision = 1;
    const feed = new Feed({ state, gatherMs: 1_000, waitMs: 60_000 });
    const answer = feed.next({ number: 1, since: 1 }).then(() => "told");
    for (let i = 0; i < changes; i++) {
      state.revision++;
      feed.moved();
    }
    // Timers that are late fire in their order all the same.
    const { promise, resolve } = Promise.withResolvers<string>();
    const timer = setTimeout(() => resolve("still gathering"), 600);
    assert.equal(await Promise.race([answer, promise]), changes === 1 ? "told" : "still gathering");
    clearTimeout(timer);
    feed.close();
    await answer;
  }
});
