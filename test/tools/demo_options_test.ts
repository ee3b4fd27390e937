import assert from "node:assert/strict";
import { InputError } from "../../lib/model/errors.ts";
import { parseDemoOptions } from "../../tools/demo/options.ts";

Deno.test("parseDemoOptions() makes three nodes and stays up unless told otherwise", () => {
  const { nodes, check, lab } = parseDemoOptions([]);
  assert.deepEqual({ nodes, check, lab }, { nodes: 3, check: false, lab: false });
  assert.equal(parseDemoOptions(["--nodes", "5", "--check"]).nodes, 5);
});

Deno.test("parseDemoOptions() names the flag and the value that is not accepted", () => {
  for (
    const args of [["--nodes", "2"], ["--nodes", "many"], ["--nodes", "21"], ["--bogus"], ["word"]]
  ) {
    assert.throws(() => parseDemoOptions(args), (error) => {
      return error instanceof InputError && error.message.includes(args[0]!);
    });
  }
});
