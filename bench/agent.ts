import { LAB_PACKAGES } from "../test/lab/packages.ts";
import { fetchPackages } from "../test/lab/product.ts";
import { ensurePackages } from "../tools/setup.ts";
import { CrowdedNode } from "./agent/crowded_node.ts";
import { median, printFigure, progress } from "./figure.ts";

const SAMPLES = 20;

/** Seconds that an idle agent is watched. */
const IDLE_S = 60;

/** What an agent costs, on a node of its own with peers that are known but do not answer. */
export async function bench(): Promise<void> {
  await ensurePackages(LAB_PACKAGES, progress);
  await fetchPackages(progress);
  await crowd(500, measureLooks);
  await crowd(50, measureIdle);
}

async function crowd(peers: number, measure: (node: CrowdedNode) => Promise<void>): Promise<void> {
  await using node = await CrowdedNode.start(peers, progress);
  await measure(node);
}

async function measureLooks(node: CrowdedNode): Promise<void> {
  const looks = [];
  for (let i = 0; i < SAMPLES; i++) looks.push(await node.look());
  const samples = looks.length;
  printFigure({
    figure: "agent.noop_500.cpu_ms",
    value: median(looks.map((l) => l.cpuMs)),
    samples,
  });
  printFigure({
    figure: "agent.noop_500.programs",
    value: median(looks.map((l) => l.programs)),
    samples,
  });
  printFigure({
    figure: "agent.noop_500.writes",
    value: Math.max(...looks.map((l) => l.writes)),
    samples,
  });
  const { writes, batches } = await node.addPeer();
  printFigure({
    figure: "agent.add_one_to_500.writes",
    value: writes,
    samples: 1,
    note: `programs that wrote, ${batches} of them batches of ip`,
  });
}

async function measureIdle(node: CrowdedNode): Promise<void> {
  const cpuMs = await node.idle(IDLE_S);
  printFigure({ figure: "agent.idle_50.cpu_percent", value: cpuMs / (IDLE_S * 10), samples: 1 });
  printFigure({ figure: "agent.idle_50.rss_mib", value: await node.rssMib(), samples: 1 });
}
