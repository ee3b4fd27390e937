import assert from "node:assert/strict";
import { Quiet } from "../../lib/agent/quiet.ts";
import type { Watched } from "../../lib/agent/observe.ts";

const watched = (nft: string) => ({ nft }) as unknown as Watched;

Deno.test("Quiet spares a look when nothing was heard, once each time, and for half a minute at most", () => {
  let now = 0;
  const quiet = new Quiet(() => now);
  assert.equal(quiet.take(), undefined, "nothing was seen yet");
  const seen = watched("a");
  quiet.seen(seen);
  assert.equal(quiet.take(), undefined, "nobody said that nothing was heard");
  quiet.nothingHeard();
  assert.equal(quiet.take(), seen);
  quiet.seen(seen);
  assert.equal(quiet.take(), undefined, "that held for one look");
  quiet.nothingHeard();
  now = 25_000;
  assert.equal(quiet.take(), undefined, "a message may have been lost");
  const newer = watched("b");
  quiet.seen(newer);
  quiet.nothingHeard();
  assert.equal(quiet.take(), newer);
});
