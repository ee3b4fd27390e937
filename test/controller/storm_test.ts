import assert from "node:assert/strict";
import { RunningController } from "../../bench/controller/running_controller.ts";
import { each, makeNode, newToken } from "../../bench/controller/swarm.ts";

/** Connections that the storm opens at once. */
const WIDTH = 400;

/** What a controller that serves nobody takes is about 80; the storm may not take much more, and not for good. */
const MOST_MIB = 300;

const bytes = (text: string) => new TextEncoder().encode(text);

/** Sends pieces of a request, and returns the status of the answer; undefined when the connection was cut. */
async function send(port: number, pieces: Iterable<Uint8Array>): Promise<number | undefined> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  try {
    const buffer = new Uint8Array(1024);
    const answer = conn.read(buffer).catch(() => null);
    for (const piece of pieces) {
      for (let sent = 0; sent < piece.length;) sent += await conn.write(piece.subarray(sent));
    }
    const read = await answer;
    if (read === null) return undefined;
    return Number(new TextDecoder().decode(buffer.subarray(9, 12)));
  } catch {
    // The controller hung up while it was still being sent to.
    return undefined;
  } finally {
    conn.close();
  }
}

const head = (token: string, length: string) =>
  bytes(
    `POST /v1/enrol HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n` +
      `content-type: application/json\r\n${length}\r\n\r\n`,
  );

function* endless(token: string): Generator<Uint8Array> {
  yield head(token, "transfer-encoding: chunked");
  const chunk = bytes(`4000\r\n${" ".repeat(0x4000)}\r\n`);
  for (let i = 0; i < 256; i++) yield chunk;
}

/** Kinds of bad requests, and the answers that each may get: 408 also where a busy machine sends slower than the limit. */
const KINDS: Readonly<
  Record<string, readonly [(token: string) => Iterable<Uint8Array>, readonly unknown[]]>
> = {
  "a body without an end": [endless, [408, 413, undefined]],
  "a body that says it is huge": [
    (token) => [head(token, "content-length: 1000000000"), bytes("{")],
    [413],
  ],
  "a body that does not come": [(token) => [head(token, "content-length: 20"), bytes("{")], [408]],
  "deep JSON": [
    (token) => [head(token, "content-length: 60000"), bytes("[".repeat(60_000))],
    [400, 408],
  ],
  "bad UTF-8": [
    (token) => [head(token, "content-length: 4"), new Uint8Array([0x22, 0xff, 0xfe, 0x22])],
    [400, 408],
  ],
  "a head that is too large": [
    () => [bytes("GET / HTTP/1.1\r\nhost: x\r\n"), bytes(`x: ${"y".repeat(1_000_000)}\r\n\r\n`)],
    [400, 431, undefined],
  ],
  "no HTTP at all": [() => [bytes("\x16\x03\x01\x02\x00\x01\x00\r\n\r\n")], [400, undefined]],
};

Deno.test("a storm of bad requests gets no 5xx, takes bounded memory, and others are served meanwhile", async () => {
  const folder = await Deno.makeTempDir({ prefix: "meshover-storm-" });
  const controller = await RunningController.start(folder);
  try {
    const token = await newToken(controller);
    const kinds = Object.entries(KINDS);
    let most = 0;
    const storm = each(Array.from({ length: 2 * WIDTH }), {
      width: WIDTH,
      task: async (_, index) => {
        const [name, [request, expected]] = kinds[index % kinds.length]!;
        const status = await send(controller.port, request(token));
        assert.ok(expected.includes(status), `${name}: ${status}`);
      },
    });
    let enrolled = 0;
    let over = false;
    const others = async () => {
      while (!over) {
        const response = await fetch(controller.url("/v1/enrol"), {
          method: "POST",
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          body: JSON.stringify(makeNode(enrolled).request),
        });
        await response.body?.cancel();
        assert.equal(response.status, 200);
        enrolled++;
        most = Math.max(most, await controller.rssMib());
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    await Promise.all([storm.finally(() => over = true), others()]);
    assert.ok(enrolled > 0, "nobody enrolled meanwhile");
    assert.ok(most < MOST_MIB, `${Math.round(most)} MiB`);
    assert.equal((await (await fetch(controller.url("/readyz"))).json()).ok, true);
  } finally {
    await controller.stop();
    await Deno.remove(folder, { recursive: true });
  }
});
