import { median, printFigure, quantile } from "./figure.ts";
import { RawAgent } from "./controller/raw_agent.ts";
import { RunningController } from "./controller/running_controller.ts";
import { each, enrolAll, makeNode, newToken, type SwarmNode } from "./controller/swarm.ts";

const MANY = 10_000;

/** Connections that a machine opens at once; agents are spread over machines, the generator is one. */
const WIDTH = 2_000;

/** Figures of the controller; the load generator runs on the same machine. */
export async function bench(): Promise<void> {
  await measureEnrolment();
  await measureIdle();
  await measureMany();
}

async function inFolder(task: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "meshover-bench-" });
  try {
    await task(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** 1,000 nodes enrol at once on an empty database. */
async function measureEnrolment(): Promise<void> {
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

/** Memory with ten nodes connected and nothing to do. */
async function measureIdle(): Promise<void> {
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
        poll(agent, { node: nodes[i]!, since: revision }).catch(() => {})
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

/** Everything that needs ten thousand nodes. */
async function measureMany(): Promise<void> {
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
      const put = await agent.call("PUT /v1/node", {
        credential: secret,
        body: JSON.stringify(report),
      });
      const feed = await poll(agent, { node, since });
      if (put.status !== 200 || feed.status !== 200) {
        throw new Error(`Refused: ${put.status} ${feed.status}`);
      }
      agents[index] = agent;
    },
  });
  return agents;
}

interface FanOut {
  readonly agents: readonly RawAgent[];
  readonly readers: readonly SwarmNode[];
  readonly writer: SwarmNode;
  /** Revision that the readers have. */
  readonly since: number;
}

/** One node changes; how long until each of the others has heard of it. */
async function measureFanOut(controller: RunningController, options: FanOut): Promise<void> {
  const { agents, readers, writer } = options;
  const delays: number[] = [];
  const sizes: number[] = [];
  let memory = 0;
  let { since } = options;
  for (let sample = 0; sample < 5; sample++) {
    let begin = 0;
    const polls = agents.map(async (agent, i) => {
      const answer = await poll(agent, { node: readers[i]!, since });
      delays.push(performance.now() - begin);
      sizes.push(answer.bytes);
      return JSON.parse(answer.body).revision as number;
    });
    // All requests are there by then; one that was not would count as late.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    begin = performance.now();
    const body = JSON.stringify({ ...writer.request.report, port: 20_000 + sample });
    const response = await fetch(controller.url("/v1/node"), {
      method: "PUT",
      headers: {
        authorization: `Bearer ${writer.request.secret}`,
        "content-type": "application/json",
      },
      body,
    });
    await response.body?.cancel();
    since = (await Promise.all(polls))[0]!;
    memory = Math.max(memory, await controller.rssMib());
  }
  const note = `last ${Math.round(Math.max(...delays))} ms`;
  printFigure({
    figure: "controller.fanout_10k.p99_ms",
    value: quantile(delays, 0.99),
    samples: 5,
    note,
  });
  printFigure({ figure: "controller.fanout_10k.rss_mib", value: memory, samples: 5 });
  printFigure({
    figure: "controller.delta_10k.bytes",
    value: Math.max(...sizes),
    samples: sizes.length,
  });
}

function poll(
  agent: RawAgent,
  options: { node: SwarmNode; since: number },
): ReturnType<RawAgent["call"]> {
  return agent.call(`GET /v1/feed?since=${options.since}`, {
    credential: options.node.request.secret,
  });
}

async function revisionOf(controller: RunningController): Promise<number> {
  const { revision } = await controller.admin("GET", { path: "/v1/nodes" }) as { revision: number };
  return revision;
}
