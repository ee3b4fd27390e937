import { median, printFigure } from "../figure.ts";
import { throughputSamples } from "../throughput_samples.ts";

/** Runs inside the lab's virtual machine and prints its figure among other lines. */
if (import.meta.main) {
  const samples = await throughputSamples(5, (line) => console.log(line));
  printFigure({
    figure: "routes.throughput_over_by_hand.ratio",
    value: median(samples.map(({ meshover, byHand }) => meshover / byHand)),
    samples: samples.length,
  });
}
