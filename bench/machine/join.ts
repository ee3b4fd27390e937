import { median, printFigure } from "../figure.ts";
import { joinSamples } from "../join_samples.ts";

/** Runs inside the lab's virtual machine and prints its figure among other lines. */
if (import.meta.main) {
  const joins = await joinSamples(5, (line) => console.log(line));
  printFigure({ figure: "mesh.join_lab.median_s", value: median(joins), samples: joins.length });
}
