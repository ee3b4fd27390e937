import assert from "node:assert/strict";
import type { FeedAnswer } from "../../lib/model/feed_api.ts";
import type { NodeRoutes } from "../../lib/model/node_routes.ts";
import type { RoutesAnswer } from "../../lib/model/routes_api.ts";
import { parsePrefix } from "../../lib/model/prefix.ts";
import { type Tried, withController } from "../see/with_controller.ts";

function announcing(...prefixes: string[]): { revision: string; routes: NodeRoutes } {
  const announced = prefixes.map(parsePrefix);
  return {
    revision: prefixes.join(),
    routes: { announced, accepted: [], announcedCount: announced.length, acceptedCount: 0 },
  };
}

async function feed({ mesh, send }: Tried, since: number): Promise<FeedAnswer> {
  const headers = { authorization: `Bearer ${mesh.node("a").secret}` };
  return await (await send(`/v1/feed?since=${since}`, { headers })).json();
}

async function decide({ mesh }: Tried, body: unknown): Promise<void> {
  await mesh.admin("POST", { path: "/v1/routes", body });
}

async function routes({ mesh }: Tried): Promise<RoutesAnswer> {
  return await mesh.admin("GET", { path: "/v1/routes" }) as RoutesAnswer;
}

Deno.test("GET /v1/routes tells what waits, and what was decided does not wait any more", () =>
  withController(async (tried) => {
    const { mesh } = tried;
    await mesh.enrol(["a", "b"]);
    const [own] = mesh.node("a").self.addresses;
    const told = announcing(own!, "10.70.1.0/24", "10.70.2.0/24", "0.0.0.0/0");
    await mesh.tell(mesh.node("a"), { routes: told });
    await mesh.tell(mesh.node("b"), { routes: announcing("10.70.1.0/24") });
    const names = async () => (await routes(tried)).waiting.map((w) => `${w.prefix} ${w.node}`);
    assert.deepEqual((await names()).sort(), [
      "10.70.1.0/24 a",
      "10.70.1.0/24 b",
      "10.70.2.0/24 a",
    ]);
    await decide(tried, { prefix: "10.70.0.0/16", node: "a", verdict: "approved" });
    assert.deepEqual(await names(), ["10.70.1.0/24 b"]);
    await decide(tried, { prefix: "10.70.1.0/24", node: "b", verdict: "denied" });
    assert.deepEqual(await names(), []);
    const { mode, decisions } = await routes(tried);
    assert.equal(mode, "approve");
    assert.deepEqual(decisions.map(({ prefix, node, verdict }) => [prefix, node, verdict]), [
      ["10.70.0.0/16", "a", "approved"],
      ["10.70.1.0/24", "b", "denied"],
    ]);
    await decide(tried, { prefix: "10.70.1.0/24", node: "b", verdict: null });
    assert.deepEqual(await names(), ["10.70.1.0/24 b"]);
  }, { routeMode: "approve" }));

Deno.test("a decision is in the feed of who has not heard of it, and in no other", () =>
  withController(async (tried) => {
    await tried.mesh.enrol(["a", "b"]);
    const before = await feed(tried, 0);
    assert.deepEqual(before.routePolicy, { mode: "open", decisions: [] });
    const waiting = feed(tried, before.revision);
    await decide(tried, { prefix: "10.70.0.0/16", verdict: "denied" });
    const told = await waiting;
    assert.deepEqual(told.routePolicy?.decisions, [{
      prefix: "10.70.0.0/16",
      node: null,
      verdict: "denied",
    }]);
    assert.deepEqual(told.peers, []);
    const next = feed(tried, told.revision);
    await tried.mesh.enrol(["c"]);
    const { routePolicy, peers } = await next;
    assert.equal(routePolicy, undefined);
    assert.deepEqual(peers.map(({ name }) => name), ["c"]);
  }));

Deno.test("what no node would follow is not approved, and what is unknown is refused", () =>
  withController(async (tried) => {
    await tried.mesh.enrol(["a", "b"]);
    const [address] = tried.mesh.node("a").self.addresses;
    const cases = [
      [{ prefix: "0.0.0.0/0", verdict: "approved" }, /409.*cannot be approved: it would carry/],
      [{ prefix: "10.200.0.0/16", verdict: "approved" }, /409.*cannot be approved/],
      [{ prefix: "10.0.0.0/8", verdict: "approved" }, /409.*cannot be approved/],
      [
        { prefix: address, node: "b", verdict: "approved" },
        /409.*lies in the address of a, and only a may announce that/,
      ],
      [{ prefix: "10.70.0.0/16", node: "nobody", verdict: "approved" }, /404.*no node .*nobody/],
      [{ prefix: "10.70.0.1/16", verdict: "approved" }, /400.*expected a prefix/],
      [{ prefix: "10.70.0.0/16", verdict: "maybe" }, /400/],
      [{ prefix: "10.70.0.0/16" }, /400/],
    ] as const;
    for (const [body, words] of cases) await assert.rejects(decide(tried, body), words);
    await decide(tried, { prefix: "0.0.0.0/0", verdict: "denied" });
    assert.equal((await routes(tried)).decisions.length, 1);
  }));

Deno.test("the audit log tells who decided what, once", () =>
  withController(async (tried) => {
    await tried.mesh.enrol(["a"]);
    await decide(tried, { prefix: "10.70.0.0/16", node: "a", verdict: "approved" });
    await decide(tried, { prefix: "10.70.0.0/16", node: "a", verdict: "approved" });
    await decide(tried, { prefix: "10.71.0.0/16", verdict: "denied" });
    await decide(tried, { prefix: "10.71.0.0/16", verdict: null });
    const { entries } = await tried.mesh.admin("GET", { path: "/v1/audit" }) as {
      entries: { action: string; subject: string; detail: string; source: string }[];
    };
    const told = entries.filter(({ action }) => action.startsWith("route."))
      .map(({ action, subject, detail, source }) => [action, subject, detail, source]);
    const source = "192.0.2.10";
    assert.deepEqual(told, [
      ["route.forget", "10.71.0.0/16", "of every node", source],
      ["route.deny", "10.71.0.0/16", "of every node", source],
      ["route.approve", "10.70.0.0/16", "of a", source],
    ]);
  }));

Deno.test("a session of the dashboard decides only from the dashboard's own page", () =>
  withController(async ({ send }) => {
    const own = { "sec-fetch-site": "same-origin", "x-meshover-dashboard": "1" };
    const signIn = await send("/ui/session", {
      method: "POST",
      headers: { ...own, "content-type": "application/json" },
      body: JSON.stringify({ password: "correct horse" }),
    });
    const cookie = signIn.headers.get("set-cookie")!.split(";")[0]!;
    const body = JSON.stringify({ prefix: "10.70.0.0/16", verdict: "approved" });
    const post = async (headers: Record<string, string>) =>
      (await send("/v1/routes", {
        method: "POST",
        headers: { cookie, "content-type": "application/json", ...headers },
        body,
      })).status;
    assert.equal(await post({ "sec-fetch-site": "cross-site" }), 401);
    assert.equal(await post({}), 401);
    assert.equal(await post(own), 200);
  }));
