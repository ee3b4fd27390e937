import assert from "node:assert/strict";
import fc from "fast-check";
import { type Route, ROUTES } from "../../lib/model/routes.ts";
import { type Tried, withController } from "../see/with_controller.ts";
import { reportOf } from "../store/with_database.ts";

const routes: Readonly<Record<string, Route>> = ROUTES;
const names = Object.keys(ROUTES);

interface Bearers {
  readonly token: string;
  readonly node: string;
}

async function bearersOf({ mesh, send }: Tried): Promise<Bearers> {
  const { token } = await mesh.admin("POST", { path: "/v1/tokens", body: {} }) as { token: string };
  const node = "ab".repeat(32);
  const response = await send("/v1/enrol", {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "n1", secret: node, report: reportOf() }),
  });
  assert.equal(response.status, 200);
  return { token, node };
}

function headerOf(route: Route, bearers: Bearers): Record<string, string> {
  const { credential } = route;
  const basic = `Basic ${btoa("admin:correct horse")}`;
  const header = credential === "admin"
    ? basic
    : `Bearer ${credential === "node" ? bearers.node : bearers.token}`;
  return { authorization: header };
}

/** Texts that are right JSON, almost right, or nothing of the sort. */
const bodies = fc.oneof(
  fc.json(),
  fc.string(),
  fc.constant(""),
  fc.constant("[".repeat(50_000)),
  fc.constant(`{"name":${"[".repeat(5000)}${"]".repeat(5000)}}`),
  fc.constant(`{"__proto__":{"x":1},"name":"n","secret":"","report":null}`),
  fc.record({
    name: fc.anything(),
    secret: fc.anything(),
    report: fc.oneof(
      fc.anything(),
      fc.record({
        publicKey: fc.anything(),
        port: fc.anything(),
        candidates: fc.array(fc.anything()),
      }),
    ),
  }).map((value) => safeJson(value)),
);

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "undefined";
  } catch {
    return "{}";
  }
}

Deno.test("no body, whatever it holds, gets more than a problem answer", () =>
  withController(async (tried) => {
    const bearers = await bearersOf(tried);
    const withBody = names.filter((name) => routes[name]!.body !== undefined);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...withBody), bodies, async (name, body) => {
        const route = routes[name]!;
        const response = await tried.send(route.path.replace("{name}", "n1"), {
          method: route.method,
          headers: { ...headerOf(route, bearers), "content-type": "application/json" },
          body,
        });
        await response.body?.cancel();
        assert.ok(
          response.status < 500,
          `${route.method} ${route.path}: ${response.status} for ${body.slice(0, 200)}`,
        );
      }),
      { numRuns: 300 },
    );
  }));

Deno.test("no path, query or header gets a 5xx", () =>
  withController(async (tried) => {
    const bearers = await bearersOf(tried);
    const paths = fc.oneof(
      fc.constantFrom(
        "/v1",
        "/v1/",
        "/v1/nodes/",
        "/v1/nodes/%2e%2e%2f",
        "/v1/nodes/%ff",
        "/v1/tokens/-1",
        "/v1/tokens/1e9",
      ),
      fc.webPath().map((path) => `/v1${path}`),
      fc.string().map((text) => `/v1/nodes/${encodeURIComponent(text.toWellFormed())}`),
      fc.string().map((text) => `/v1/feed?since=${encodeURIComponent(text.toWellFormed())}`),
      fc.string().map((text) => `/v1/audit?limit=${encodeURIComponent(text.toWellFormed())}`),
    );
    const methods = fc.constantFrom("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD");
    await fc.assert(
      fc.asyncProperty(paths, methods, fc.constantFrom(...names), async (path, method, like) => {
        // A feed request that is right waits for news on purpose.
        const { pathname, searchParams } = new URL(path, "http://controller.test");
        if (pathname === "/v1/feed" && Number(searchParams.get("since")) > 0) return;
        const response = await tried.send(path, {
          method,
          headers: headerOf(routes[like]!, bearers),
        });
        await response.body?.cancel();
        assert.ok(response.status < 500, `${method} ${path}: ${response.status}`);
      }),
      { numRuns: 500 },
    );
  }));

Deno.test("a body that is too large, of the wrong type or bad UTF-8 is refused by name", () =>
  withController(async (tried) => {
    const bearers = await bearersOf(tried);
    const post = async (init: RequestInit) => {
      const headers = {
        authorization: `Bearer ${bearers.token}`,
        ...init.headers as Record<string, string>,
      };
      const response = await tried.send("/v1/enrol", { method: "POST", ...init, headers });
      return (await response.json()).code;
    };
    const json = { "content-type": "application/json" };
    assert.equal(await post({ headers: json, body: `"${"x".repeat(70_000)}"` }), "body_too_large");
    assert.equal(
      await post({ headers: { "content-type": "text/plain" }, body: "{}" }),
      "body_type",
    );
    assert.equal(
      await post({ headers: json, body: new Uint8Array([0x22, 0xff, 0xfe, 0x22]) }),
      "body_invalid",
    );
    assert.equal(await post({ headers: json, body: "{" }), "body_invalid");
    assert.equal(await post({ headers: json, body: "{}" }), "body_invalid");
  }));

Deno.test("an endless body is cut off at the limit", () =>
  withController(async (tried) => {
    const { token } = await bearersOf(tried);
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 10_000;
        controller.enqueue(new Uint8Array(10_000).fill(0x20));
      },
    });
    const response = await tried.send("/v1/enrol", {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body,
    });
    assert.equal((await response.json()).code, "body_too_large");
    assert.ok(sent < 200_000);
  }));
