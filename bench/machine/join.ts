import { learnPatience } from "../../test/lab/patience.ts";
import { median, printFigure } from "../figure.ts";
import { joinSamples } from "../join_samples.ts";

/** Runs inside the lab's virtual machine and prints its figure among other lines. */
if (import.meta.main) {
  // Fills the caches of files, too, as the first run of an executable that was just installed does.
  await learnPatience();
  const joins = await joinSamples(5, (line) => console.log(line));
  printFigure({ figure: "mesh.join_lab.median_s", value: median(joins), samples: joins.length });
}
