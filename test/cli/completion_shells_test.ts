import assert from "node:assert/strict";
import { COMMANDS } from "../../lib/cli/commands.ts";
import { commandWords } from "../../lib/cli/completion/command_words.ts";
import { completionScript, SHELLS } from "../../lib/cli/completion/completion_script.ts";
import { runProgram, tryProgram } from "../lab/run_program.ts";

/** The real shells; where one is missing, its tests are skipped ("deno task test" installs them when it is root). */
const isThere = new Map(
  await Promise.all(SHELLS.map(async (shell) => {
    const { code } = await tryProgram(["sh", "-c", `command -v ${shell}`]);
    return [shell, code === 0] as const;
  })),
);

async function withScript(
  shell: typeof SHELLS[number],
  act: (at: { folder: string; script: string }) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "meshover-completion-" });
  try {
    const commands = await Promise.all(COMMANDS.map(async ({ load, summary }) => {
      return { ...commandWords((await load()).default), summary };
    }));
    const script = `${folder}/_meshover`;
    await Deno.writeTextFile(script, completionScript(shell, commands));
    await act({ folder, script });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "bash with the real commands: a script that it takes, and words that it offers",
  ignore: isThere.get("bash") !== true,
  fn: () =>
    withScript("bash", async ({ script }) => {
      await runProgram(["bash", "-n", script]);
      const ask =
        `. "$1"; COMP_WORDS=(meshover token g); COMP_CWORD=2; _meshover; echo "$COMPREPLY"`;
      assert.equal(await runProgram(["bash", "-c", ask, "bash", script]), "gen\n");
    }),
});

Deno.test({
  name: "fish completes commands, their second words and their flags",
  ignore: isThere.get("fish") !== true,
  fn: () =>
    withScript("fish", async ({ folder, script }) => {
      const offered = async (line: string) => {
        const ask = `source ${script}; complete -C "${line}"`;
        const said = await runProgram(["fish", "--no-config", "-c", ask], {
          env: { HOME: folder },
        });
        return said.trim().split("\n").map((one) => one.split("\t")[0]);
      };
      assert.deepEqual(await offered("meshover ag"), ["agent"]);
      assert.deepEqual(await offered("meshover token g"), ["gen"]);
      assert.deepEqual(await offered("meshover controller re"), ["restore"]);
      assert.deepEqual(await offered("meshover agent --wg-p"), ["--wg-port"]);
      assert.deepEqual(await offered("meshover token gen --tt"), ["--ttl"]);
    }),
});

/** Types into an interactive zsh on a terminal of its own; a key writes down what became of the line. */
const ZSH = `
zmodload zsh/zpty zsh/zselect
zpty shell zsh -f -i
zpty -w shell "cd \${(q)1}; PROMPT=; fpath=(\${(q)1} \\$fpath); autoload -U compinit; compinit -u -D"
zpty -w shell "probe() { zle complete-word; print -r -- \\$BUFFER >> lines; BUFFER= }; zle -N probe; bindkey '^T' probe; : > ready"
wait_for() { for try in {1..600}; do zpty -rt shell text; eval "$1" && return; zselect -t 5; done; exit 1 }
wait_for '[[ -e $1/ready ]]' 
`;

Deno.test({
  name: "zsh completes commands, their second words and their flags",
  ignore: isThere.get("zsh") !== true,
  fn: () =>
    withScript("zsh", async ({ folder }) => {
      const typed = [
        "meshover ag",
        "meshover token g",
        "meshover controller re",
        "meshover agent --wg-p",
        "meshover token gen --tt",
      ];
      const keys = typed.map((line, i) =>
        `zpty -w -n shell $'${line}\\x14'; wait_for '[[ -e $folder/lines && $(wc -l < $folder/lines) -gt ${i} ]]'`
      );
      const driver = ZSH.replace("'[[ -e $1/ready ]]'", "'[[ -e $folder/ready ]]'");
      await runProgram([
        "zsh",
        "-f",
        "-c",
        `folder=$1; ${driver}${keys.join("\n")}`,
        "zsh",
        folder,
      ]);
      const lines = (await Deno.readTextFile(`${folder}/lines`)).trimEnd().split("\n");
      assert.deepEqual(lines.map((line) => line.trimEnd()), [
        "meshover agent",
        "meshover token gen",
        "meshover controller restore",
        "meshover agent --wg-port",
        "meshover token gen --ttl",
      ]);
    }),
});
