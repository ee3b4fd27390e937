import { z } from "zod";
import { buildImage, runInMachine } from "../test/lab/machine/machine.ts";
import { printFigure, progress } from "./figure.ts";

const PERMISSIONS = ["run", "read", "write", "env", "net", "sys"].map((p) => `--allow-${p}`);

const figureSchema = z.object({ figure: z.string(), value: z.number(), samples: z.int() });

/** Runs a script in the lab's virtual machine and prints the figures that it prints among other lines. */
export async function figuresFromMachine(
  script: string,
  options: {
    readonly timeoutS: number;
    readonly env?: Readonly<Record<string, string>>;
    /** For ratios: the machine's clock counts its instructions, whatever else the host does. */
    readonly steady?: boolean;
  },
): Promise<void> {
  const image = await buildImage({ say: progress });
  const { code } = await runInMachine({
    image,
    command: ["deno", "run", "--quiet", "--cached-only", ...PERMISSIONS, script],
    env: { NO_COLOR: "1", ...options.env },
    timeoutMs: options.timeoutS * 1000,
    steady: options.steady ?? false,
    onLine: (line) =>
      line.startsWith("{") ? printFigure(figureSchema.parse(JSON.parse(line))) : progress(line),
  });
  if (code !== 0) throw new Error(`${script} ended with exit code ${code} in the machine`);
}
