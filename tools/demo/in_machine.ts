import { buildImage, runInMachine } from "../../test/lab/machine/machine.ts";
import { makeBundle } from "../bundle.ts";
import type { DemoOptions } from "./options.ts";
import type { DemoOutput } from "./run_demo.ts";

const PERMISSIONS = ["run", "read", "write", "env", "net", "sys"].map((p) => `--allow-${p}`);

/** What the demo is run with: a processor that is emulated takes many seconds for what takes one elsewhere. */
const ENVIRONMENT = { MESHOVER_BIN: "/meshover/dist/meshover", MESHOVER_LAB_PATIENCE: "6" };

/** Milliseconds for a demo that ends by itself; the machine is emulated. */
const CHECK_MS = 600_000;

/** Milliseconds after which a machine that somebody looks around in is ended. */
const STAY_MS = 4 * 3_600_000;

/**
 * Runs the demo inside the lab's virtual machine and returns its exit code. Unless it only checks, the terminal becomes a
 * shell in the machine, beside the running demo; the machine ends with the shell.
 */
export async function demoInMachine(
  options: DemoOptions,
  { say, print }: DemoOutput,
): Promise<number> {
  const stay = !options.check && Deno.stdin.isTerminal();
  const image = await buildImage({ say });
  // The executable that users have, which starts several times faster than the sources.
  await makeBundle(say);
  say(`starting the virtual machine (Debian ${image.release}, emulated)`);
  const demo = ["deno", "run", "--quiet", "--cached-only", ...PERMISSIONS, "tools/demo.ts"].concat(
    words(options),
  );
  if (!stay) {
    const run = {
      image,
      command: demo,
      env: { ...ENVIRONMENT, NO_COLOR: "1" },
      onLine: print,
      timeoutMs: CHECK_MS,
    };
    return (await runInMachine(run)).code;
  }
  say("the machine's shell comes first, the demo's lines appear in it; leave with exit");
  // bash runs this before its first prompt; a session of its own keeps Ctrl-C in the shell away from the demo.
  const first = `unset PROMPT_COMMAND; cd /meshover; setsid ${demo.join(" ")} &`;
  const env = {
    TERM: Deno.env.get("TERM") ?? "linux",
    PROMPT_COMMAND: first,
    ...ENVIRONMENT,
  };
  return (await runInMachine({ image, env, timeoutMs: STAY_MS })).code;
}

/** The options that the demo in the machine gets: the machine's terminal is not this one, so what must not wait checks. */
function words(options: DemoOptions): string[] {
  const stays = !options.check && Deno.stdin.isTerminal();
  return [
    ...["--nodes", String(options.nodes)],
    ...(stays ? [] : ["--check"]),
    ...(options.verbose ? ["--verbose"] : []),
  ];
}
