import { type Image, runInMachine } from "../../test/lab/machine/machine.ts";
import type { Tally } from "../../test/lab/tally.ts";
import { scenariosCommand, type ScenariosHereOptions, tallyReader } from "./scenarios_here.ts";

/** Seconds kept for starting and switching off the machine. */
const RESERVE_S = 30;

/** Seconds that have to be left for the machine. */
const LEAST_S = 60;

/**
 * Seconds beyond what is left that the first scenario may take: a tour through five stories, of two and a half minutes when nothing else
 * runs. Cut short it would prove nothing.
 */
const FINISH_S = 240;

/** Runs the scenarios in the lab's virtual machine, where the kernel has all modules, with the executable that users get. */
export async function scenariosInMachine(
  image: Image,
  options: ScenariosHereOptions,
): Promise<Tally> {
  const { print, budgetS } = options;
  if (budgetS < LEAST_S) {
    const left = Math.max(Math.floor(budgetS), 0);
    print(
      `skipped [machine] all scenarios: ${left} s left, too few to play one; run them with deno task lab`,
    );
    return { passed: 0, failed: 0, skipped: 1 };
  }
  print(`starting the virtual machine (Debian ${image.release}, emulated)`);
  const take = tallyReader(print);
  const { code } = await runInMachine({
    image,
    command: scenariosCommand("deno", "machine", {
      budgetS: budgetS - RESERVE_S,
      finishS: FINISH_S,
    }),
    env: { NO_COLOR: "1", MESHOVER_BIN: "/meshover/dist/meshover" },
    timeoutMs: (budgetS + FINISH_S + RESERVE_S) * 1000,
    onLine: take.line,
  });
  return take.tally(code);
}
