import assert from "node:assert/strict";
import { Bulk } from "../../lib/controller/bulk.ts";

const bytes = new Uint8Array(300_000).map((_, i) => i);

Deno.test("Bulk.stream() gives all bytes in order and frees its slot", async () => {
  const bulk = new Bulk({ slots: 1, stallMs: 5_000, crowdedMs: 20 });
  for (let i = 0; i < 2; i++) {
    const got = new Uint8Array(await new Response(await bulk.stream(bytes)).arrayBuffer());
    assert.deepEqual(got, bytes);
  }
  assert.equal(bulk.underWay, 0);
});

Deno.test("Bulk.stream() gives up a reader that takes nothing, and the next one has its turn", async () => {
  const bulk = new Bulk({ slots: 1, stallMs: 5_000, crowdedMs: 20 });
  const dead = await bulk.stream(bytes);
  const next = bulk.stream(bytes);
  assert.equal((await new Response(await next).arrayBuffer()).byteLength, bytes.length);
  await assert.rejects(new Response(dead).arrayBuffer(), /takes nothing/);
});

Deno.test("Bulk.stream() frees the slot of a reader that hangs up", async () => {
  const bulk = new Bulk({ slots: 1, stallMs: 5_000, crowdedMs: 20 });
  await (await bulk.stream(bytes)).cancel();
  assert.equal(bulk.underWay, 0);
});
