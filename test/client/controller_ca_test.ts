import assert from "node:assert/strict";
import { parseControllerCa } from "../../lib/client/controller_ca.ts";
import { InputError } from "../../lib/model/errors.ts";

Deno.test("parseControllerCa() takes a fingerprint with or without colons", () => {
  const sha256 = "ab".repeat(32);
  assert.deepEqual(parseControllerCa(`sha256:${sha256}`), { kind: "fingerprint", sha256 });
  const colons = `SHA256:${Array(32).fill("AB").join(":")}`;
  assert.deepEqual(parseControllerCa(colons), { kind: "fingerprint", sha256 });
});

Deno.test("parseControllerCa() refuses what is neither fingerprint nor certificate", () => {
  for (const bad of ["sha256:abcd", "", "hello"]) {
    assert.throws(() => parseControllerCa(bad), InputError);
  }
});
