import { printFigure, quantile } from "../figure.ts";
import { feedRequest } from "./feed_request.ts";
import type { RawAgent } from "./raw_agent.ts";
import type { RunningController } from "./running_controller.ts";
import type { SwarmNode } from "./swarm.ts";

/** Who reads and who writes. */
export interface FanOut {
  readonly agents: readonly RawAgent[];
  readonly readers: readonly SwarmNode[];
  readonly writer: SwarmNode;
  /** Revision that the readers have. */
  readonly since: number;
}

/** What one change took. */
interface Round {
  /** Milliseconds until each reader had all of it. */
  readonly delays: readonly number[];
  /** Most bytes that a reader got. */
  readonly bytes: number;
  /** Revision that the readers have now. */
  readonly revision: number;
}

/** One node changes; how long until each of the others has heard of it. */
export async function measureFanOut(
  controller: RunningController,
  options: FanOut,
): Promise<void> {
  const rounds: Round[] = [];
  let memory = 0;
  for (let port = 20_000; port < 20_005; port++) {
    const since = rounds.at(-1)?.revision ?? options.since;
    rounds.push(await tellAll(controller, { ...options, since, port }));
    memory = Math.max(memory, await controller.rssMib());
  }
  const delays = rounds.flatMap((round) => round.delays);
  printFigure({
    figure: "controller.fanout_10k.p99_ms",
    value: quantile(delays, 0.99),
    samples: rounds.length,
    note: `median ${Math.round(quantile(delays, 0.5))} ms, last ${
      Math.round(Math.max(...delays))
    } ms`,
  });
  printFigure({
    figure: "controller.fanout_10k.rss_mib",
    value: memory,
    samples: rounds.length,
  });
  printFigure({
    figure: "controller.delta_10k.bytes",
    value: Math.max(...rounds.map((round) => round.bytes)),
    samples: delays.length,
  });
}

async function tellAll(
  controller: RunningController,
  options: FanOut & { port: number },
): Promise<Round> {
  const { agents, readers, since } = options;
  await Promise.all(agents.map((agent, i) => agent.send(feedRequest(readers[i]!, since))));
  const delays: number[] = [];
  let begin = 0;
  let size: number | undefined;
  // All readers get the same bytes: once the first answer was looked into, its length says when another is complete, so
  // that looking into it can wait until nothing is measured any more.
  const hearing = agents.map(async (agent) => {
    let have = await agent.receive();
    while (have !== size) {
      const answer = agent.take();
      if (answer !== undefined) {
        size ??= answer.bytes;
        delays.push(performance.now() - begin);
        return answer;
      }
      have = await agent.receive();
    }
    delays.push(performance.now() - begin);
    return undefined;
  });
  // All requests are there by then; one that was not would count as late.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  begin = performance.now();
  await change(controller, options);
  const early = await Promise.all(hearing);
  const answers = agents.map((agent, i) => early[i] ?? agent.take());
  const revisions = new Set(answers.map((answer) => {
    if (answer?.status !== 200) throw new Error(`Not an answer: ${answer?.status}`);
    return JSON.parse(answer.body).revision as number;
  }));
  if (revisions.size !== 1 || revisions.has(since)) throw new Error("Not all heard of the change");
  return {
    delays,
    bytes: Math.max(...answers.map((answer) => answer!.bytes)),
    revision: [...revisions][0]!,
  };
}

async function change(
  controller: RunningController,
  { writer, port }: { writer: SwarmNode; port: number },
): Promise<void> {
  const response = await fetch(controller.url("/v1/node"), {
    method: "PUT",
    headers: {
      authorization: `Bearer ${writer.request.secret}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ ...writer.request.report, port }),
  });
  await response.body?.cancel();
  if (response.status !== 200) throw new Error(`The change was refused: ${response.status}`);
}
