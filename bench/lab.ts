import { figuresFromMachine } from "./machine_figures.ts";

/** Scripts that run inside the machine and print figures among other lines. */
const SCRIPTS = ["bench/machine/join.ts", "bench/machine/apply.ts"] as const;

/** Figures of the emulated machine, where the kernel has WireGuard, GRE and dummy. */
export async function bench(): Promise<void> {
  for (const script of SCRIPTS) await figuresFromMachine(script, { timeoutS: 900 });
}
