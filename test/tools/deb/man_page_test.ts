import assert from "node:assert/strict";
import { COMMANDS } from "../../../lib/cli/commands.ts";
import { commandWords } from "../../../lib/cli/completion/command_words.ts";
import { manPage } from "../../../tools/deb/man_page.ts";
import { tryProgram } from "../../lab/run_program.ts";

const commands = await Promise.all(COMMANDS.map(async ({ load, summary }) => {
  return { ...commandWords((await load()).default), summary };
}));
const page = manPage("1.2.3", commands);
const hasGroff = (await tryProgram(["sh", "-c", "command -v groff"])).code === 0;

Deno.test("the manual page has every command with its flags", () => {
  const plain = page.replaceAll("\\-", "-");
  for (const { name, flags } of commands) {
    const section = plain.split(`.SS "meshover ${name}"\n`)[1]?.split(".SS")[0];
    assert.ok(section !== undefined, name);
    for (const flag of flags) {
      assert.ok(section.includes(`--${flag.name}`), `${name}: ${flag.name}`);
    }
  }
});

Deno.test({
  name: "groff has nothing against the manual page",
  ignore: !hasGroff,
  async fn() {
    const argv = ["groff", "-man", "-Tutf8", "-ww"];
    const { code, stdout, stderr } = await tryProgram(argv, { stdin: page });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /one routed network over any set of Linux machines/);
  },
});
