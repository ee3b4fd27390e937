import assert from "node:assert/strict";
import { readJson } from "../../lib/controller/read_body.ts";

function request(body: ReadableStream<Uint8Array>): Request {
  const headers = { "content-type": "application/json" };
  return new Request("http://controller.test/", { method: "POST", headers, body });
}

Deno.test("readJson() gives up on a body that does not arrive in time", async () => {
  let cancelled = false;
  const slow = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
    cancel: () => void (cancelled = true),
  });
  await assert.rejects(readJson(request(slow), { maxBytes: 100, maxMs: 30 }), {
    code: "body_slow",
  });
  assert.ok(cancelled);
});

Deno.test("readJson() says that a body broke off", async () => {
  const broken = new ReadableStream<Uint8Array>({
    start: (controller) => controller.error(new Error("reset")),
  });
  await assert.rejects(readJson(request(broken), { maxBytes: 100, maxMs: 1000 }), {
    code: "body_broken",
  });
});

Deno.test("readJson() puts the pieces of a body together", async () => {
  const pieces = ['{"a":', "1", "}"].map((piece) => new TextEncoder().encode(piece));
  assert.deepEqual(
    await readJson(request(ReadableStream.from(pieces)), { maxBytes: 100, maxMs: 1000 }),
    { a: 1 },
  );
});
