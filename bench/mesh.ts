import { LAB_PACKAGES } from "../test/lab/packages.ts";
import { fetchPackages } from "../test/lab/product.ts";
import { runProgram } from "../test/lab/run_program.ts";
import { makeBundle } from "../tools/bundle.ts";
import { ensurePackages } from "../tools/setup.ts";
import { taskCommand } from "../tools/test/task_command.ts";
import { median, printFigure, progress } from "./figure.ts";
import { joinSamples } from "./join_samples.ts";

const SAMPLES = 5;

/** Runs with the executable that users install; the demo runs from the sources, as its users run it. */
async function withExecutable<T>(run: () => Promise<T>): Promise<T> {
  const given = Deno.env.get("MESHOVER_BIN");
  Deno.env.set("MESHOVER_BIN", given || await makeBundle(progress));
  try {
    return await run();
  } finally {
    if (given === undefined) Deno.env.delete("MESHOVER_BIN");
  }
}

/** How fast a mesh comes up in namespaces of this machine. */
export async function bench(): Promise<void> {
  await ensurePackages(LAB_PACKAGES, progress);
  await fetchPackages(progress);
  const joins = await withExecutable(() => joinSamples(SAMPLES, progress));
  printFigure({ figure: "mesh.join_bare.median_s", value: median(joins), samples: joins.length });
  const demos: number[] = [];
  for (let i = 1; i <= SAMPLES; i++) {
    const started = performance.now();
    await runProgram(taskCommand("demo", ["--check"]), { deadlineS: 180 });
    demos.push((performance.now() - started) / 1000);
    progress(`demo --check took ${demos.at(-1)!.toFixed(1)} s (${i} of ${SAMPLES})`);
  }
  printFigure({
    figure: "mesh.demo_check_warm.median_s",
    value: median(demos),
    samples: demos.length,
  });
}
