import { messageOf, StateError } from "../lib/model/errors.ts";
import { PROJECT_ROOT } from "../test/lab/machine/project_root.ts";
import { type ProgramResult, runProgram, TIMED_OUT, tryProgram } from "../test/lab/run_program.ts";
import { allPermissions, CONTROLLER_V8_FLAGS, denoFlags } from "./permissions.ts";

/** Machines that an executable is made for, in Deno's words. */
const TARGETS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"] as const;

/** `deno compile` takes a whole minute to give up on a host that does not answer. */
const DEADLINE_S = 300;

/**
 * Makes one executable a target with `deno compile`. It cannot tell the commands apart before it runs, so it has the
 * permissions of all of them; the bundle gives each command its own.
 * @throws {StateError} when the runtime that it is built on cannot be had.
 */
async function compile(target: string): Promise<string> {
  const output = `${PROJECT_ROOT}/dist/meshover-compiled-${target.split("-")[0]}`;
  const result = await tryProgram([Deno.execPath(), ...compileArguments(target, output)], {
    cwd: PROJECT_ROOT,
    env: { NO_COLOR: "1" },
    deadlineS: DEADLINE_S,
  });
  if (result.code !== 0) throw compileError(target, result);
  return output;
}

/** Arguments of Deno that make the executable `output`. */
export function compileArguments(target: string, output: string): string[] {
  return [
    ...["compile", "--quiet", "--no-prompt", "--target", target, "--output", output],
    // As in the bundle (tools/bundle/run.sh), where only the controller has the flags of V8.
    ...["--unstable-net", `--v8-flags=${CONTROLLER_V8_FLAGS.join(",")}`],
    ...[...denoFlags(allPermissions()), "main.ts"],
  ];
}

/** Why there is no executable, in one line. */
export function compileError(target: string, result: ProgramResult): StateError {
  const said = `${result.stderr}\n${result.stdout}`;
  const noRuntime = /denort|dl\.deno|[Dd]ownload|error sending request|[Tt]imed? ?out/.test(said) ||
    result.code === TIMED_OUT;
  return new StateError(
    noRuntime
      ? `Cannot download Deno's runtime (denort) for ${target}: set DENORT_BIN to a copy of it, or use "deno task bundle", ` +
        `which needs none`
      : `Cannot compile for ${target}: ${said.trim().split("\n")[0]}`,
  );
}

if (import.meta.main) {
  try {
    await runProgram(["mkdir", "-p", `${PROJECT_ROOT}/dist`]);
    for (const target of Deno.args.length > 0 ? Deno.args : TARGETS) {
      console.error(`compile: ${await compile(target)}`);
    }
  } catch (error) {
    console.error(`compile: ${messageOf(error)}`);
    Deno.exit(1);
  }
}
