import { median, printFigure } from "../figure.ts";
import { measureFanOut } from "./fan_out.ts";
import { feedRequest, revisionOf } from "./feed_request.ts";
import { inFolder } from "./in_folder.ts";
import { RawAgent } from "./raw_agent.ts";
import { RunningController } from "./running_controller.ts";
import { each, enrolAll, makeNode, newToken, type SwarmNode } from "./swarm.ts";

const MANY = 10_000;

/** Connections that a machine opens at once; agents are spread over machines, the generator is one. */
const WIDTH = 2_000;

/** Everything that needs ten thousand nodes. */
export async function measureMany(): Promise<void> {
  await inFolder(async (folder) => {
    const first = await RunningController.start(folder);
    const token = await newToken(first);
    const nodes = Array.from({ length: MANY + 1 }, (_, i) => makeNode(i));
    await enrolAll(first, { nodes, token, width: 200 });
    let since = await revisionOf(first) - 1;
    await first.stop("SIGKILL");

    const second = await RunningController.start(folder);
    const [writer, ...readers] = nodes as [SwarmNode, ...SwarmNode[]];
    const returns: number[] = [];
    let agents: RawAgent[] = [];
    for (let sample = 0; sample < 3; sample++) {
      agents.forEach((agent) => agent.close());
      const begin = performance.now();
      agents = await comeBack(second, { nodes: readers, since });
      returns.push((performance.now() - begin) / 1000);
    }
    printFigure({
      figure: "controller.return_10k.total_s",
      value: median(returns),
      samples: returns.length,
    });
    since += 1;
    await measureFanOut(second, { agents, readers, writer, since });
    agents.forEach((agent) => agent.close());
    await second.stop();
  });
}

/** All nodes at once after a power cut: connect, report, and hear what changed meanwhile. */
async function comeBack(
  controller: RunningController,
  options: { nodes: readonly SwarmNode[]; since: number },
): Promise<RawAgent[]> {
  const { nodes, since } = options;
  const agents: RawAgent[] = [];
  await each(nodes, {
    width: WIDTH,
    task: async (node, index) => {
      const agent = await RawAgent.connect(controller.port);
      const { secret, report } = node.request;
      const put = await agent.call({
        line: "PUT /v1/node",
        credential: secret,
        body: JSON.stringify(report),
      });
      const feed = await agent.call(feedRequest(node, since));
      if (put.status !== 200 || feed.status !== 200) {
        throw new Error(`Refused: ${put.status} ${feed.status}`);
      }
      agents[index] = agent;
    },
  });
  return agents;
}
