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
  const factor = Number(Deno.env.get(VARIABLE) ?? "1");
  return Math.ceil(seconds * (Number.isFinite(factor) ? Math.min(Math.max(factor, 1), MOST) : 1));
}

/** Measures how slow the machine is, sets the factor for all deadlines from now on, and returns it. */
export async function learnPatience(): Promise<number> {
  const argv = [...productCommand(), "version"];
  // The first start fills caches.
  await runProgram(argv, { deadlineS: 300 });
  const started = performance.now();
  await runProgram(argv, { deadlineS: 300 });
  const took = (performance.now() - started) / 1000;
  const factor = Math.min(Math.max(took / USUAL_S, 1), MOST);
  Deno.env.set(VARIABLE, factor.toFixed(1));
  return factor;
}
