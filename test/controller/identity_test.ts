import assert from "node:assert/strict";
import { stopPasswordClock, withController } from "../see/with_controller.ts";
import { waitFor } from "../lab/wait_for.ts";

const secretOf = () => crypto.getRandomValues(new Uint8Array(32)).toHex();

Deno.test("a node's secret is replaced without a moment in which neither works", () =>
  withController(async ({ mesh, send }) => {
    await mesh.enrol(["n1"]);
    const [old, fresh] = [mesh.node("n1").secret, secretOf()];
    const status = async (secret: string) => {
      const response = await send("/v1/feed?since=0", {
        headers: { authorization: `Bearer ${secret}` },
      });
      await response.body?.cancel();
      return response.status;
    };
    const headers = { authorization: `Bearer ${old}`, "content-type": "application/json" };
    const rotate = () =>
      send("/v1/node/secret", { method: "POST", headers, body: JSON.stringify({ secret: fresh }) });
    assert.equal((await rotate()).status, 200);
    // The answer may have been lost: it is asked again, and the old one still works.
    assert.equal((await rotate()).status, 200);
    assert.equal(await status(old), 200);
    assert.equal(await status(fresh), 200);
    assert.equal(await status(old), 401);
  }));

Deno.test("wrong passwords are slowed per source, kept, and told to nobody", () =>
  withController(async ({ controller, mesh, send }) => {
    stopPasswordClock(controller);
    const tries: number[] = [];
    for (let i = 0; i < 5; i++) {
      const authorization = `Basic ${btoa("admin:guess")}`;
      const response = await send("/v1/nodes", { headers: { authorization } });
      tries.push(response.status);
      await response.body?.cancel();
    }
    assert.deepEqual(tries, [401, 401, 401, 429, 429]);
    await assert.rejects(mesh.admin("GET", { path: "/v1/nodes" }), /429/);
    const remoteAddr: Deno.Addr = { transport: "tcp", hostname: "192.0.2.99", port: 1 };
    type Entry = { action: string; source: string; detail: string };
    const audit = async () => {
      const authorization = `Basic ${btoa("admin:correct horse")}`;
      const request = new Request("http://controller.test/v1/audit", {
        headers: { authorization },
      });
      return (await (await controller.fetch(request, { remoteAddr })).json()).entries as Entry[];
    };
    // Nobody waits for these entries to be stored, so they may come a moment later.
    const entries = await waitFor("three entries", async () => {
      const found = await audit();
      return found.length >= 3 && found;
    });
    assert.deepEqual(
      entries.map((e) => [e.action, e.source]),
      Array(3).fill(["password.wrong", "192.0.2.10"]),
    );
    assert.ok(!JSON.stringify(entries).includes("guess"));
  }));

Deno.test("the token list shows what a token is for and never the token", () =>
  withController(async ({ mesh }) => {
    const body = { once: true, ttlS: 60, note: "rack 3", name: "n1" };
    const { token } = await mesh.admin("POST", { path: "/v1/tokens", body }) as { token: string };
    const answer = await mesh.admin("GET", { path: "/v1/tokens" }) as {
      tokens: Record<string, unknown>[];
    };
    assert.ok(!JSON.stringify(answer).includes(token));
    const { prefix, once, note, name, uses, state } = answer.tokens[0]!;
    assert.deepEqual({ prefix, once, note, name, uses, state }, {
      prefix: token.slice(0, 6),
      once: true,
      note: "rack 3",
      name: "n1",
      uses: 0,
      state: "valid",
    });
  }));

Deno.test("/openapi.json describes every call and /readyz says that it is ready", () =>
  withController(async ({ send }) => {
    const description = await (await send("/openapi.json", {})).json();
    assert.equal(description.openapi, "3.1.0");
    const { parameters, requestBody } = description.paths["/v1/nodes/{name}"].patch;
    assert.deepEqual(parameters.map((p: { name: string; in: string }) => [p.name, p.in]), [[
      "name",
      "path",
    ]]);
    assert.ok(requestBody.content["application/json"].schema.properties.addresses);
    assert.deepEqual(await (await send("/readyz", {})).json(), { ok: true, waitingFor: [] });
  }));
