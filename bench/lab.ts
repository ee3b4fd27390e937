import { z } from "zod";
import { buildImage, runInMachine } from "../test/lab/machine/machine.ts";
import { printFigure, progress } from "./figure.ts";

/** Scripts that run inside the machine and print figures among other lines. */
const SCRIPTS = ["bench/machine/join.ts", "bench/machine/apply.ts"] as const;

const PERMISSIONS = ["run", "read", "write", "env", "net", "sys"].map((p) => `--allow-${p}`);

const figureSchema = z.object({ figure: z.string(), value: z.number(), samples: z.int() });

/** Figures of the emulated machine, where the kernel has WireGuard, GRE and dummy. */
export async function bench(): Promise<void> {
  const image = await buildImage({ say: progress });
  for (const script of SCRIPTS) {
    const { code } = await runInMachine({
      image,
      command: ["deno", "run", "--quiet", "--cached-only", ...PERMISSIONS, script],
      env: { NO_COLOR: "1" },
      timeoutMs: 900_000,
      onLine: (line) =>
        line.startsWith("{") ? printFigure(figureSchema.parse(JSON.parse(line))) : progress(line),
    });
    if (code !== 0) throw new Error(`${script} ended with exit code ${code} in the machine`);
  }
}
