import assert from "node:assert/strict";
import { Connections } from "../../lib/client/connections.ts";
import { ControllerClient } from "../../lib/client/controller_client.ts";
import { parseControllerUrl } from "../../lib/client/controller_url.ts";
import type { FetchLike } from "../../lib/client/exchange.ts";
import { pinnedDialer } from "../../lib/client/pinned_dialer.ts";
import { plainDialer } from "../../lib/client/plain_dialer.ts";
import { waitFor } from "../lab/wait_for.ts";

/** Never answers, as a connection whose address is gone. */
const hangs: FetchLike = (_, init) =>
  new Promise((_, reject) => {
    const { signal } = init;
    signal!.addEventListener("abort", () => reject(signal!.reason), { once: true });
  });

Deno.test("ControllerClient.renew() begins waiting calls again over new connections, on the same controller", async () => {
  const asked: string[] = [];
  let closed = 0;
  const dials = [hangs, hangs, () => Promise.resolve(Response.json({ tokens: [] }))];
  const connections = new Connections(() => {
    const answer = dials.shift()!;
    return {
      fetch: (input, init) => {
        asked.push(new URL(input).host);
        return answer(input, init);
      },
      close: () => void closed++,
    };
  });
  const client = new ControllerClient({
    urls: ["https://a.test", "https://b.test"].map(parseControllerUrl),
    credential: { kind: "admin", password: "swordfish" },
    connections,
    timeoutMs: 60_000,
  });
  const answer = client.as({ kind: "admin", password: "other" }).tokens();
  // The call begins, and begins again by itself, some turns later.
  for (const times of [1, 2]) {
    await waitFor(`call ${times}`, () => Promise.resolve(asked.length === times));
    client.renew();
  }
  assert.deepEqual(await answer, { tokens: [] });
  assert.deepEqual([asked, closed], [["a.test", "a.test", "a.test"], 2]);
});

for (
  const [name, dial] of [
    ["plainDialer()", plainDialer],
    ["pinnedDialer()", () => pinnedDialer({ kind: "fingerprint", sha256: "0".repeat(64) })],
  ] as const
) {
  Deno.test(`${name} makes a new connection after the old ones were given up, and not before`, async () => {
    const ports = new Set<number>();
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (_, info) => {
      ports.add(info.remoteAddr.port);
      return new Response("ok");
    });
    const connections = new Connections(dial);
    const call = async () => {
      const init = { signal: AbortSignal.timeout(10_000) };
      await (await connections.fetch(`http://127.0.0.1:${server.addr.port}/`, init)).text();
    };
    await call();
    await call();
    assert.equal(ports.size, 1);
    connections.renew();
    await call();
    assert.equal(ports.size, 2);
    connections.renew();
    await server.shutdown();
  });
}
