import assert from "node:assert/strict";
import fc from "fast-check";
import { parseAuthorization } from "../../lib/plan/authorization.ts";

Deno.test("parseAuthorization() reads bearer and basic credentials", () => {
  assert.deepEqual(parseAuthorization("Bearer abc"), { kind: "bearer", secret: "abc" });
  assert.deepEqual(parseAuthorization(`basic ${btoa("admin:a:b")}`), {
    kind: "basic",
    user: "admin",
    password: "a:b",
  });
});

Deno.test("parseAuthorization() tells none from malformed", () => {
  assert.deepEqual(parseAuthorization(undefined), { kind: "none" });
  assert.deepEqual(parseAuthorization(" "), { kind: "none" });
  for (
    const bad of [
      "Bearer",
      "Digest x",
      "Basic !!!",
      `Basic ${btoa("nocolon")}`,
      "Basic /w==",
      "Bearer a b",
    ]
  ) {
    assert.deepEqual(parseAuthorization(bad), { kind: "malformed" }, bad);
  }
});

Deno.test("parseAuthorization() takes any password in UTF-8 and never throws", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (password) => {
    const header = `Basic ${new TextEncoder().encode(`admin:${password}`).toBase64()}`;
    const presented = parseAuthorization(header);
    if (header.length <= 4096) {
      assert.deepEqual(presented, { kind: "basic", user: "admin", password });
    }
  }));
  fc.assert(fc.property(fc.string(), (header) => {
    assert.ok(["none", "bearer", "basic", "malformed"].includes(parseAuthorization(header).kind));
  }));
});
