import assert from "node:assert/strict";
import { RunningController } from "../../bench/controller/running_controller.ts";
import { makeNode, newToken } from "../../bench/controller/swarm.ts";
import { ControllerClient } from "../../lib/client/controller_client.ts";
import { parseControllerUrl } from "../../lib/client/controller_url.ts";
import { UnreachableError } from "../../lib/client/unreachable_error.ts";
import type { AuditRow } from "../../lib/model/audit_api.ts";
import { findProxy, PROXIES, Proxy, type ProxyName } from "./proxy.ts";

/** MESHOVER_FULL=1 waits until the controller answers a request that has nothing to hear. */
const FULL = Deno.env.get("MESHOVER_FULL") !== undefined;

interface Behind {
  readonly controller: RunningController;
  /** A client on the machine of the proxy, from one of its addresses. */
  readonly clientFrom: (localAddress: string, headers?: Record<string, string>) => ControllerClient;
}

async function behind(
  options: { name: ProxyName; program: string; trusted: boolean },
  task: (behind: Behind) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "meshover-proxy-" });
  const trust = options.trusted ? ["--trusted-proxies", "127.0.0.1/32"] : [];
  const controller = await RunningController.start(["--statefile", `${folder}/db`, ...trust]);
  const proxy = await Proxy.start({ ...options, folder, to: `127.0.0.1:${controller.port}` });
  const clients: Deno.HttpClient[] = [];
  const clientFrom: Behind["clientFrom"] = (localAddress, headers = {}) => {
    const client = Deno.createHttpClient({ caCerts: [proxy.ca], localAddress });
    clients.push(client);
    return new ControllerClient({
      urls: [parseControllerUrl(`https://127.0.0.1:${proxy.port}`)],
      credential: { kind: "none" },
      fetch: (input, init) =>
        fetch(input, { ...init, client, headers: { ...init.headers as object, ...headers } }),
    });
  };
  try {
    await task({ controller, clientFrom });
  } finally {
    clients.forEach((client) => client.close());
    await proxy.stop();
    await controller.stop();
    await Deno.remove(folder, { recursive: true });
  }
}

/** Where the controller saw the enrolment of a node come from. */
async function sourceOf(controller: RunningController, name: string): Promise<string | undefined> {
  const path = "/v1/audit?limit=100";
  const { entries } = await controller.admin("GET", { path }) as { entries: AuditRow[] };
  return entries.find(({ action, subject }) => action === "node.enrol" && subject === name)?.source;
}

for (const name of PROXIES) {
  const program = await findProxy(name);
  const ignore = program === undefined;
  if (ignore) console.log(`skipped the controller behind ${name}: ${name} is not installed`);

  Deno.test({
    name:
      `behind ${name} a node enrols, hears of changes at once, and a lost controller is no empty mesh`,
    ignore,
    fn: () =>
      behind({ name, program: program!, trusted: true }, async ({ controller, clientFrom }) => {
        const token = await newToken(controller);
        const [reader, writer] = [makeNode(1).request, makeNode(2).request];
        const client = clientFrom("127.0.0.1");
        for (const node of [reader, writer]) await client.as({ kind: "token", token }).enrol(node);
        const here = client.as({ kind: "node", secret: reader.secret });
        const there = client.as({ kind: "node", secret: writer.secret });
        const { revision } = await here.feed({ since: 0 });
        const news = here.feed({ since: revision });
        // Held for longer than anything but waiting explains.
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        const begin = performance.now();
        await there.report({ ...writer.report, port: 4242 });
        const heard = await news;
        assert.deepEqual(heard.peers.map((peer) => peer.port), [4242]);
        assert.ok(performance.now() - begin < 10_000);

        if (FULL) {
          const quiet = performance.now();
          const nothing = await here.feed({ since: heard.revision });
          const seconds = (performance.now() - quiet) / 1000;
          assert.deepEqual([nothing.revision, nothing.peers], [heard.revision, []]);
          assert.ok(seconds > 15 && seconds < 30, `answered after ${seconds} s`);
        }
        await controller.stop("SIGKILL");
        await assert.rejects(here.feed({ since: 0 }), UnreachableError);
      }),
  });

  Deno.test({
    name:
      `behind ${name} the source of a request is the client's own address, whatever the client says`,
    ignore,
    fn: () =>
      behind({ name, program: program!, trusted: true }, async ({ controller, clientFrom }) => {
        const token = await newToken(controller);
        const { request } = makeNode(1);
        const liar = clientFrom("127.0.0.2", { "x-forwarded-for": "203.0.113.7" });
        await liar.as({ kind: "token", token }).enrol(request);
        assert.equal(await sourceOf(controller, request.name), "127.0.0.2");
      }),
  });

  Deno.test({
    name: `behind ${name} that is not trusted, the source of a request is the proxy`,
    ignore,
    fn: () =>
      behind({ name, program: program!, trusted: false }, async ({ controller, clientFrom }) => {
        const token = await newToken(controller);
        const { request } = makeNode(1);
        await clientFrom("127.0.0.2").as({ kind: "token", token }).enrol(request);
        assert.equal(await sourceOf(controller, request.name), "127.0.0.1");
      }),
  });
}
