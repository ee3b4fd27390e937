import { median, printFigure } from "../figure.ts";
import { throughputSamples } from "../throughput_samples.ts";

const PAIRS = 30;

/**
 * Runs inside the lab's virtual machine and prints its figure among other lines. The medians of both ways are compared, not the
 * pairs: in a machine so slow a look of an agent takes a second, and meets some streams of either way.
 */
if (import.meta.main) {
  const samples = await throughputSamples(PAIRS, (line) => console.log(line));
  printFigure({
    figure: "routes.throughput_over_by_hand.ratio",
    value: median(samples.map(({ meshover }) => meshover)) /
      median(samples.map(({ byHand }) => byHand)),
    samples: samples.length,
  });
}
