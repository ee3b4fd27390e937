import assert from "node:assert/strict";
import { compileArguments, compileError } from "../../tools/compile.ts";
import { allPermissions, denoFlags, ROLES } from "../../tools/permissions.ts";

Deno.test("deno compile gets the permissions that some role has, and no other", () => {
  const args = compileArguments("aarch64-unknown-linux-gnu", "/tmp/out");
  const permissions = args.filter((arg) => /^--(allow|deny|ignore)-|^-A$/.test(arg));
  assert.deepEqual(permissions, denoFlags(allPermissions()));
  assert.deepEqual(permissions.filter((arg) => /^--allow-(all|run|env|sys)$/.test(arg)), []);
  const programs = new Set(ROLES.flatMap((role) => role.permissions.run ?? []));
  assert.deepEqual(new Set(allPermissions().run), programs);
  assert.ok(args.includes("aarch64-unknown-linux-gnu"));
});

Deno.test("deno compile that cannot have its runtime says so in one line, and what to do", () => {
  const result = {
    code: 1,
    stdout: "",
    stderr: "Download https://runtime.example/denort.zip\nerror: …\n",
  };
  const { message } = compileError("x86_64-unknown-linux-gnu", result);
  assert.match(message, /^Cannot download .*DENORT_BIN.*deno task bundle[^\n]*$/);
  const other = compileError("x", { code: 1, stdout: "", stderr: "error: no main.ts\nhint" });
  assert.equal(other.message, "Cannot compile for x: error: no main.ts");
});
