import assert from "node:assert/strict";
import { Sessions } from "../../lib/controller/dashboard/sessions.ts";
import type { DashboardMessage } from "../../lib/model/mesh_view.ts";
import { PASSWORD, stopPasswordClock, type Tried, withController } from "../see/with_controller.ts";

const OWN = { "x-meshover-dashboard": "1", "content-type": "application/json" };

async function signIn(
  send: Tried["send"],
  password: string,
  headers: HeadersInit = OWN,
): Promise<Response> {
  return await send("/ui/session", { method: "POST", headers, body: JSON.stringify({ password }) });
}

async function cookieOf(send: Tried["send"]): Promise<string> {
  const response = await signIn(send, PASSWORD);
  assert.equal(response.status, 204);
  return response.headers.get("set-cookie")!.split(";")[0]!;
}

async function statusOf(response: Promise<Response>): Promise<number> {
  const { status, body } = await response;
  await body?.cancel();
  return status;
}

Deno.test("a session is a cookie that scripts and other sites do not get", async () => {
  await withController(async ({ send }) => {
    const cookie = (await signIn(send, PASSWORD)).headers.get("set-cookie")!;
    assert.match(
      cookie,
      /^meshover=[0-9]+\.[0-9a-f]+\.[0-9a-f]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
    );
    const proxied = await signIn(send, PASSWORD, { ...OWN, "x-forwarded-proto": "https" });
    assert.match(
      proxied.headers.get("set-cookie")!,
      /^__Host-meshover=.*; SameSite=Strict; Secure$/,
    );
  });
});

Deno.test("a session does what the admin may, but only from the dashboard's own page", async () => {
  await withController(async ({ send }) => {
    const cookie = await cookieOf(send);
    const ask = (headers: HeadersInit, method = "GET") =>
      statusOf(
        send("/v1/tokens", { method, headers, ...(method === "POST" ? { body: "{}" } : {}) }),
      );
    assert.equal(await ask({ ...OWN, cookie }), 200);
    assert.equal(await ask({ ...OWN, cookie }, "POST"), 200);
    assert.equal(await ask({ cookie }), 401);
    assert.equal(await ask({ cookie, "content-type": "application/json" }, "POST"), 401);
    assert.equal(await ask({ ...OWN, cookie, "sec-fetch-site": "cross-site" }, "POST"), 401);
    assert.equal(await ask({ ...OWN, cookie: `${cookie}0` }), 401);
    assert.equal(await ask(OWN), 401);
    assert.equal(await statusOf(send("/v1/feed", { headers: { ...OWN, cookie } })), 401);
  });
});

Deno.test("signing out ends the session everywhere", async () => {
  await withController(async ({ send }) => {
    const cookie = await cookieOf(send);
    const out = await send("/ui/session", { method: "DELETE", headers: { ...OWN, cookie } });
    assert.equal(out.status, 204);
    assert.match(out.headers.get("set-cookie")!, /^meshover=; Path=\/; Max-Age=0;/);
    assert.equal(await statusOf(send("/v1/tokens", { headers: { ...OWN, cookie } })), 401);
    assert.equal(await statusOf(send("/ui/live", { headers: { ...OWN, cookie } })), 401);
  });
});

Deno.test("whoever guesses passwords on the dashboard has to wait", async () => {
  await withController(async ({ controller, send }) => {
    stopPasswordClock(controller);
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push(await statusOf(signIn(send, "guess")));
    assert.deepEqual(statuses, [401, 401, 401, 429]);
    assert.equal(await statusOf(signIn(send, PASSWORD)), 429);
  });
});

Deno.test("another site's page cannot sign anybody in", async () => {
  await withController(async ({ send }) => {
    assert.equal(await statusOf(signIn(send, PASSWORD, { "content-type": "text/plain" })), 403);
    const foreign = { ...OWN, "sec-fetch-site": "cross-site" };
    assert.equal(await statusOf(signIn(send, PASSWORD, foreign)), 403);
  });
});

Deno.test("a session is good for one password and one mesh, and ends", async () => {
  let now = 1_760_000_000_000;
  const make = (password: string, mesh: string) =>
    new Sessions({ password, meshId: () => mesh, now: () => now });
  const cookie = await make("a", "m").begin();
  assert.equal(await make("a", "m").endOf(cookie), now + 12 * 3_600_000);
  assert.equal(await make("b", "m").endOf(cookie), undefined);
  assert.equal(await make("a", "n").endOf(cookie), undefined);
  now += 12 * 3_600_000;
  assert.equal(await make("a", "m").endOf(cookie), undefined);
});

Deno.test("the page comes with a policy that lets in nothing from elsewhere", async () => {
  await withController(async ({ send }) => {
    for (const path of ["/", "/ui/app.js", "/ui/app.css", "/ui/icon.svg"]) {
      const response = await send(path, {});
      assert.equal(response.status, 200, path);
      const policy = response.headers.get("content-security-policy") ?? "";
      assert.ok(policy.startsWith("default-src 'none'; script-src 'self';"), path);
      assert.ok(!policy.includes("unsafe"), path);
      assert.doesNotMatch(await response.text(), /(src|href)="https?:|@import|url\(/, path);
      const tag = response.headers.get("etag")!;
      assert.equal(await statusOf(send(path, { headers: { "if-none-match": tag } })), 304);
    }
  });
});

/** What a viewer is sent; the empty lines only keep the connection open. */
async function* messages(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<DashboardMessage, undefined> {
  let rest = "";
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) if (line !== "") yield JSON.parse(line) as DashboardMessage;
  }
}

Deno.test("viewers get the mesh, then what changes", async () => {
  await withController(async ({ mesh, send }) => {
    await mesh.enrol(["tokyo", "osaka"]);
    await mesh.tellAll();
    const cookie = await cookieOf(send);
    const response = await send("/ui/live", { headers: { ...OWN, cookie } });
    const heard = messages(response.body!);
    const { value: first } = await heard.next();
    assert.ok(first?.kind === "mesh");
    assert.deepEqual(first.view.nodes.map((node) => node.state), ["well", "well"]);
    assert.equal(first.view.pairs, "AQ==");
    await mesh.tell(mesh.nodes[0]!, { bgpDown: [mesh.nodes[1]!.self.number] });
    for await (const message of heard) {
      assert.ok(message.kind === "change");
      // That the nodes joined may be told before.
      if (message.faults === undefined) continue;
      assert.equal(message.faults[0]?.fault, "bgp-down");
      assert.deepEqual(message.nodes.map((node) => node.state), ["trouble"]);
      assert.ok(message.events.some((event) => event.kind === "link-down"));
      return;
    }
    assert.fail("the stream ended before the fault was told");
  });
});
