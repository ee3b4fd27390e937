import { z } from "zod";
import type { LabHost } from "../test/lab/lab_host.ts";
import { Mesh } from "../test/lab/mesh.ts";
import { reach } from "../test/lab/reach.ts";
import { tunnels } from "../test/lab/tunnels.ts";
import { waitFor } from "../test/lab/wait_for.ts";
import { World } from "../test/lab/world.ts";
import { tunnelByHand, type TunnelShape } from "./tunnel_by_hand.ts";

/**
 * Seconds that one stream is sent. An agent looks at its host every ten seconds, which takes a second in a machine so slow: of
 * streams as short most meet no look.
 */
const STREAM_S = 1;

/** Streams start at any moment, so that they do not keep time with the agents. Seconds. */
const PAUSE_S = 0.5;

/** Megabits a second that one TCP stream reached, the two measured one right after the other. */
export interface ThroughputSample {
  readonly meshover: number;
  readonly byHand: number;
}

const reportSchema = z.looseObject({
  end: z.looseObject({ sum_received: z.looseObject({ bits_per_second: z.number() }) }),
});

/** A way whose throughput is measured. */
interface Way {
  readonly from: LabHost;
  readonly address: string;
}

/**
 * Throughput between two nodes of a mesh and between two other hosts of the same underlay that the same WireGuard and GRE
 * connect, in turns, so that both meet the same load; every other time in the other order.
 */
export async function throughputSamples(
  count: number,
  say: (line: string) => void,
): Promise<ThroughputSample[]> {
  await using world = await World.create({ nodes: 4 });
  const mesh = await Mesh.start(world);
  const [one, two, three, four] = world.nodes as [LabHost, LabHost, LabHost, LabHost];
  await Promise.all([one, two].map((host) => mesh.startAgent(host)));
  const addresses = await mesh.settle([one, two], { deadlineS: 180 });
  const shape = await shapeOf(one);
  say(`meshover: GRE ${shape.greMtu} in WireGuard ${shape.wgMtu} over IPv${shape.family}`);
  const overlay: Way = { from: one, address: addresses.get(two.name)!.v4 };
  const byHand: Way = { from: three, address: await tunnelByHand([three, four], shape) };
  await reach(three, [byHand.address]);
  for (const host of [two, four]) {
    const server = host.start(["iperf3", "-s", "--forceflush"]);
    await server.waitForLine(/Server listening/);
  }
  await measure(overlay);
  await measure(byHand);
  const samples: ThroughputSample[] = [];
  for (let i = 1; i <= count; i++) {
    samples.push(await inTurns({ overlay, byHand, overlayFirst: i % 2 === 0 }));
    const { meshover, byHand: hand } = samples.at(-1)!;
    say(`meshover ${meshover.toFixed(1)}, by hand ${hand.toFixed(1)} Mbit/s (${i} of ${count})`);
  }
  return samples;
}

async function inTurns(
  ways: { readonly overlay: Way; readonly byHand: Way; readonly overlayFirst: boolean },
): Promise<ThroughputSample> {
  const early = ways.overlayFirst ? await measure(ways.overlay) : undefined;
  const byHand = await measure(ways.byHand);
  return { meshover: early ?? await measure(ways.overlay), byHand };
}

async function measure({ from, address }: Way): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, Math.random() * PAUSE_S * 1000));
  const report = await waitFor(
    "a stream",
    async () => await from.json(["iperf3", "-J", "-t", String(STREAM_S), "-c", address]),
    { deadlineS: 60 },
  );
  return reportSchema.parse(report).end.sum_received.bits_per_second / 1e6;
}

/** How the mesh connects its nodes. @throws when it is not kernel WireGuard with GRE. */
async function shapeOf(node: LabHost): Promise<TunnelShape> {
  const [tunnel] = (await tunnels(node)).values();
  if (tunnel?.kind !== "gre") throw new Error(`The tunnel is ${tunnel?.kind ?? "not there"}`);
  const link = await node.shell("ip -d -o link show meshover0");
  const wgMtu = Number(/ mtu (\d+)/.exec(link)?.[1]);
  if (!/ wireguard /.test(link)) throw new Error("WireGuard is not the kernel's");
  const endpoints = await node.shell("wg show meshover0 endpoints");
  return { family: endpoints.includes("[") ? 6 : 4, wgMtu, greMtu: tunnel.mtu };
}
