import assert from "node:assert/strict";
import { ProblemError } from "../../lib/client/problem_error.ts";
import { UnreachableError } from "../../lib/client/unreachable_error.ts";
import { clientOf } from "./with_server.ts";

const tokens = { tokens: [] };
const problem = (status: number, code = "no") =>
  Response.json({ type: "urn:x", title: "No", status, detail: "not today", code }, { status });

Deno.test("a refusal is told apart by its status and code", async () => {
  const client = clientOf(() => Promise.resolve(problem(409, "name_taken")));
  await assert.rejects(client.tokens(), (error) => {
    assert.ok(error instanceof ProblemError);
    assert.deepEqual([error.status, error.code, error.detail], [409, "name_taken", "not today"]);
    return error.message === "Cannot list the tokens: not today (409 name_taken)";
  });
});

Deno.test("the next controller is tried when one cannot be reached, is slow, fails or answers nonsense", async () => {
  const bad: (() => Promise<Response>)[] = [
    () => Promise.reject(new TypeError("connection refused")),
    () => Promise.resolve(problem(503)),
    () => Promise.resolve(new Response("<html>", { status: 200 })),
    () => Promise.resolve(new Response("bad gateway", { status: 502 })),
    () => Promise.resolve(Response.json({ tokens: "none" })),
  ];
  for (const answer of bad) {
    const asked: string[] = [];
    const client = clientOf((input) => {
      asked.push(new URL(input).host);
      return input.startsWith("https://a.test/")
        ? answer()
        : Promise.resolve(Response.json(tokens));
    }, ["a.test", "b.test"]);
    assert.deepEqual(await client.tokens(), tokens);
    assert.deepEqual(await client.tokens(), tokens);
    assert.deepEqual(asked, ["a.test", "b.test", "b.test"]);
  }
});

Deno.test("a refusal is final: no other controller is asked", async () => {
  const asked: string[] = [];
  const client = clientOf((input) => {
    asked.push(input);
    return Promise.resolve(problem(401));
  }, ["a.test", "b.test"]);
  await assert.rejects(client.tokens(), ProblemError);
  assert.equal(asked.length, 1);
});

Deno.test("an error says what happened at every controller, and never the password", async () => {
  const client = clientOf((input, init) => {
    const headers = init.headers as Record<string, string>;
    assert.equal(headers.authorization, `Basic ${btoa("admin:swordfish")}`);
    return Promise.reject(new TypeError(`cannot reach ${new URL(input).host}`));
  }, ["a.test", "b.test"]);
  await assert.rejects(client.tokens(), (error) => {
    assert.ok(error instanceof UnreachableError);
    assert.match(error.message, /https:\/\/a\.test: .*; https:\/\/b\.test: /);
    return !error.message.includes("swordfish") && !error.message.includes(btoa("admin:swordfish"));
  });
});

Deno.test("an answer that does not come is given up", async () => {
  const client = clientOf((_input, init) =>
    new Promise((_, reject) => {
      init.signal!.addEventListener("abort", () => reject(init.signal!.reason));
    })
  );
  await assert.rejects(client.tokens(), /no answer in 0\.2 s/);
});

Deno.test("an abort by the caller is not an unreachable controller", async () => {
  const client = clientOf((_input, init) =>
    new Promise((_, reject) => {
      init.signal!.addEventListener("abort", () => reject(init.signal!.reason));
    })
  );
  const controller = new AbortController();
  const reason = new Error("stopping");
  const call = client.feed({ since: 1, signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(call, reason);
});

Deno.test("a redirect is not followed with the credential", async () => {
  const client = clientOf((_input, init) => {
    assert.equal(init.redirect, "manual");
    return Promise.resolve(
      new Response(null, { status: 302, headers: { location: "https://evil.test/" } }),
    );
  });
  await assert.rejects(client.tokens(), /answered 302, not as a controller does/);
});
