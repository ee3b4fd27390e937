import assert from "node:assert/strict";
import { ControllerClient } from "../../lib/client/controller_client.ts";
import { type ControllerCa, parseControllerCa } from "../../lib/client/controller_ca.ts";
import { parseControllerUrl } from "../../lib/client/controller_url.ts";
import { pinnedFetch } from "../../lib/client/pinned_fetch.ts";
import { keepRenewed } from "../../lib/controller/keep_renewed.ts";
import { listen, type Listener } from "../../lib/controller/listener.ts";
import { ownTls, type TlsSource } from "../../lib/controller/tls_keeper.ts";
import type { Database } from "../../lib/store/database.ts";
import { readAuthority } from "../../lib/store/authority.ts";
import { withDatabase } from "../store/with_database.ts";

interface Served {
  readonly listener: Listener;
  readonly tls: TlsSource;
  readonly database: Database;
}

async function withTls(
  task: (served: Served) => Promise<void>,
  options: { renewAfterMs?: number; delayMs?: number } = {},
): Promise<void> {
  await withDatabase(async (database) => {
    const tls = await ownTls({ database, names: [], now: Date.now, ...options });
    const listener = listen(async () => {
      await new Promise((resolve) => setTimeout(resolve, options.delayMs ?? 0));
      return Response.json({ tokens: [] });
    }, { address: { hostname: "127.0.0.1", port: 0 }, tls: await tls.pair() });
    try {
      await task({ listener, tls, database });
    } finally {
      await listener.close(0);
    }
  });
}

function clientOf(listener: Listener, ca: ControllerCa): ControllerClient {
  return new ControllerClient({
    urls: [parseControllerUrl(listener.url)],
    credential: { kind: "admin", password: "swordfish" },
    fetch: pinnedFetch(ca),
  });
}

Deno.test("a client that pins the CA's fingerprint, or the CA itself, trusts the controller by any address", () =>
  withTls(async ({ listener, tls, database }) => {
    const { cert } = (await database.read(readAuthority))!;
    for (const ca of [tls.caFingerprint!, cert]) {
      assert.deepEqual(await clientOf(listener, parseControllerCa(ca)).tokens(), { tokens: [] });
    }
  }));

Deno.test("a client that pins another CA says nothing to the controller", () =>
  withTls(async ({ listener }) => {
    const stranger = parseControllerCa(`sha256:${"00".repeat(32)}`);
    await assert.rejects(clientOf(listener, stranger).tokens(), /does not come from the pinned CA/);
  }));

Deno.test("a CA with the same name is not the pinned one", () =>
  withTls(({ listener }) =>
    withDatabase(async (database) => {
      await ownTls({ database, names: [], now: Date.now });
      const { cert } = (await database.read(readAuthority))!;
      await assert.rejects(
        clientOf(listener, parseControllerCa(cert)).tokens(),
        /Cannot list the tokens/,
      );
    })
  ));

Deno.test("controllers that start at once on one database share the CA that was stored first", () =>
  withDatabase(async (database) => {
    const start = () => ownTls({ database, names: [], now: Date.now });
    const sources = await Promise.all([start(), start(), start()]);
    assert.equal(new Set(sources.map((source) => source.caFingerprint)).size, 1);
  }));

Deno.test("the certificate is replaced while requests are open, and the port stays", () =>
  withTls(async ({ listener, tls }) => {
    const client = clientOf(listener, parseControllerCa(tls.caFingerprint!));
    const open = client.tokens();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const replaced = Promise.withResolvers<void>();
    const renewing = keepRenewed({
      tls,
      listener,
      log: (_level, message) => message.includes("was replaced") && replaced.resolve(),
      everyMs: 20,
    });
    await replaced.promise;
    await renewing.stop();
    assert.deepEqual(await open, { tokens: [] });
    assert.deepEqual(await client.tokens(), { tokens: [] });
  }, { renewAfterMs: 0, delayMs: 300 }));
