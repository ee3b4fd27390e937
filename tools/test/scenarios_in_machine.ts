import { buildImage, runInMachine } from "../../test/lab/machine/machine.ts";
import type { Tally } from "../../test/lab/tally.ts";
import { scenariosCommand, type ScenariosHereOptions, tallyReader } from "./scenarios_here.ts";

/** Seconds kept for switching the machine off and for what a last scenario overruns. */
const RESERVE_S = 30;

/** Runs the scenarios in the lab's virtual machine, where the kernel has all modules. */
export async function scenariosInMachine(options: ScenariosHereOptions): Promise<Tally> {
  const { print } = options;
  const started = performance.now();
  const left = () => options.budgetS - (performance.now() - started) / 1000;
  const image = await buildImage({ say: print });
  print(`starting the virtual machine (Debian ${image.release}, emulated)`);
  const take = tallyReader(print);
  const { code } = await runInMachine({
    image,
    command: scenariosCommand("deno", "machine", left() - 2 * RESERVE_S),
    env: { NO_COLOR: "1" },
    timeoutMs: Math.max(left(), 2 * RESERVE_S) * 1000,
    onLine: take.line,
  });
  return take.tally(code);
}
