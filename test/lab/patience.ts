import { productCommand } from "./product.ts";
import { runProgram } from "./run_program.ts";

/** Environment variable with the factor, so that programs started by the lab know it too. */
const VARIABLE = "MESHOVER_LAB_PATIENCE";

/** Seconds that meshover takes to print its version on a machine that is not busy. */
const USUAL_S = 0.5;

/** Longest stretch: beyond this a scenario hangs rather than being slow. */
const MOST = 6;

/** Stretches a deadline to what the machine needs: an emulated processor or a busy machine is many times slower. */
export function patient(seconds: number): number {
  return Math.ceil(seconds * factorNow());
}

let cachesAreFull = false;

/**
 * Measures how slow the machine is and sets the factor for all deadlines from now on, but never to less: what has been busy may be
 * so again. Returns the factor.
 */
export async function learnPatience(): Promise<number> {
  // Nothing would change it, and where starting a program is that slow, measuring takes its time, too.
  if (factorNow() === MOST) return MOST;
  const argv = [...productCommand(), "version"];
  if (!cachesAreFull) await runProgram(argv, { deadlineS: 300 });
  cachesAreFull = true;
  const started = performance.now();
  await runProgram(argv, { deadlineS: 300 });
  const took = (performance.now() - started) / 1000;
  // Two scenarios that start at the same time measure at the same time: the factor is asked for after that.
  const factor = Math.min(Math.max(took / USUAL_S, factorNow()), MOST);
  Deno.env.set(VARIABLE, factor.toFixed(1));
  return factorNow();
}

function factorNow(): number {
  const factor = Number(Deno.env.get(VARIABLE) ?? "1");
  return Number.isFinite(factor) ? Math.min(Math.max(factor, 1), MOST) : 1;
}
