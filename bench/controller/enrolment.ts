import { median, printFigure } from "../figure.ts";
import { inFolder } from "./in_folder.ts";
import { RunningController } from "./running_controller.ts";
import { enrolAll, makeNode, newToken } from "./swarm.ts";

/** 1,000 nodes enrol at once on an empty database. */
export async function measureEnrolment(): Promise<void> {
  const seconds: number[] = [];
  for (let sample = 0; sample < 5; sample++) {
    await inFolder(async (folder) => {
      const controller = await RunningController.start(folder);
      const token = await newToken(controller);
      const nodes = Array.from({ length: 1000 }, (_, i) => makeNode(i));
      const begin = performance.now();
      const answers = await enrolAll(controller, { nodes, token, width: 1000 });
      seconds.push((performance.now() - begin) / 1000);
      requireUnique(answers);
      await controller.stop();
    });
  }
  printFigure({
    figure: "controller.enrol_1000.total_s",
    value: median(seconds),
    samples: seconds.length,
  });
}

function requireUnique(answers: readonly string[]): void {
  const all = answers.flatMap((answer) => {
    const { self } = JSON.parse(answer);
    return [`#${self.number}`, `AS${self.asn}`, self.tunnelAddress, ...self.addresses];
  });
  if (new Set(all).size !== all.length) throw new Error("Something was given twice");
}
