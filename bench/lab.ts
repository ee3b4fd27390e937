import { makeBundle } from "../tools/bundle.ts";
import { progress } from "./figure.ts";
import { figuresFromMachine } from "./machine_figures.ts";

/** Scripts that run inside the machine and print figures among other lines. */
const SCRIPTS = ["bench/machine/join.ts", "bench/machine/apply.ts"] as const;

/** Figures of the emulated machine, where the kernel has WireGuard, GRE and dummy; with the executable that users install. */
export async function bench(): Promise<void> {
  await makeBundle(progress);
  const env = { MESHOVER_BIN: "/meshover/dist/meshover" };
  for (const script of SCRIPTS) await figuresFromMachine(script, { timeoutS: 900, env });
}
