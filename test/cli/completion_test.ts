import assert from "node:assert/strict";
import type { CommandWords } from "../../lib/cli/completion/command_words.ts";
import { completionScript, SHELLS } from "../../lib/cli/completion/completion_script.ts";
import { runProgram } from "../lab/run_program.ts";

const flag = (name: string, takesValue = true) => ({
  name,
  summary: `what's [${name}]: is`,
  takesValue,
});
const COMMANDS: readonly CommandWords[] = [
  { name: "agent", summary: "join", flags: [flag("wg"), flag("wg-port"), flag("once", false)] },
  { name: "controller", summary: "hand out", flags: [flag("listen")] },
  { name: "controller backup", summary: "write", flags: [flag("database")] },
  { name: "token gen", summary: "make", flags: [flag("ttl")] },
];

/** What bash offers for the last of these words. */
async function offered(...words: readonly string[]): Promise<string> {
  const script = `${completionScript("bash", COMMANDS)}
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _meshover; echo "\${COMPREPLY[*]}"`;
  return (await runProgram(["bash", "-c", script, "bash", "meshover", ...words])).trim();
}

Deno.test("bash completes commands, their second words and their flags", async () => {
  assert.equal(await offered(""), "agent controller token");
  assert.equal(await offered("to"), "token");
  assert.equal(await offered("token", ""), "gen");
  assert.equal(await offered("agent", "--wg"), "--wg --wg-port");
  assert.equal(await offered("controller", "--"), "--listen");
  assert.equal(await offered("controller", "backup", "--"), "--database");
  assert.equal(await offered("token", "gen", "--ttl", "5", "--t"), "--ttl");
});

Deno.test("every shell is told every command and flag", () => {
  for (const shell of SHELLS) {
    const script = completionScript(shell, COMMANDS);
    for (const word of ["agent", "backup", "gen", "wg-port", "database"]) {
      assert.ok(script.includes(word), `${shell}: ${word}`);
    }
  }
});
