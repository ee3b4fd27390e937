import { median, printFigure } from "../figure.ts";
import { inFolder } from "./in_folder.ts";
import { feedRequest, revisionOf } from "./feed_request.ts";
import { RawAgent } from "./raw_agent.ts";
import { RunningController } from "./running_controller.ts";
import { enrolAll, makeNode, newToken } from "./swarm.ts";

/** Memory with ten nodes connected and nothing to do. */
export async function measureIdle(): Promise<void> {
  const sizes: number[] = [];
  for (let sample = 0; sample < 3; sample++) {
    await inFolder(async (folder) => {
      const controller = await RunningController.start(folder);
      const token = await newToken(controller);
      const nodes = Array.from({ length: 10 }, (_, i) => makeNode(i));
      await enrolAll(controller, { nodes, token, width: 10 });
      const revision = await revisionOf(controller);
      const agents = await Promise.all(nodes.map(() => RawAgent.connect(controller.port)));
      const polls = agents.map((agent, i) =>
        agent.call(feedRequest(nodes[i]!, revision)).catch(() => {})
      );
      await new Promise((resolve) => setTimeout(resolve, 8_000));
      sizes.push(await controller.rssMib());
      await controller.stop();
      await Promise.all(polls);
      agents.forEach((agent) => agent.close());
    });
  }
  printFigure({
    figure: "controller.idle_10.rss_mib",
    value: median(sizes),
    samples: sizes.length,
  });
}
