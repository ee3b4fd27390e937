import { applySamples } from "../apply_samples.ts";
import { median, printFigure } from "../figure.ts";

/** Runs inside the lab's virtual machine and prints its figure among other lines. */
if (import.meta.main) {
  const samples = await applySamples({ peers: 500, samples: 3 }, (line) => console.log(line));
  printFigure({
    figure: "agent.apply_500_over_kernel.ratio",
    value: median(samples.map(({ agentMs, kernelMs }) => agentMs / kernelMs)),
    samples: samples.length,
  });
}
