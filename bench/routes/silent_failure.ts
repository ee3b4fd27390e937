import type { LabHost } from "../../test/lab/lab_host.ts";
import { Mesh } from "../../test/lab/mesh.ts";
import { reach } from "../../test/lab/reach.ts";
import { silence } from "../../test/lab/silence.ts";
import { tunnels } from "../../test/lab/tunnels.ts";
import { waitFor } from "../../test/lab/wait_for.ts";
import { waysTo } from "../../test/lab/ways_to.ts";
import { World } from "../../test/lab/world.ts";
import { EchoStream } from "./echo_stream.ts";

/** Answers that must have come before and after the failure, so that the gap lies between two of them. */
const SETTLED = 20;

/**
 * Longest time without an answer, in seconds, when the underlay drops in silence what one node sends the other: each time
 * the other direction, between the same two of three nodes whose agents run with `--bfd lan`.
 */
export async function silentFailures(
  count: number,
  say: (line: string) => void,
): Promise<number[]> {
  await using world = await World.create({ nodes: 3 });
  const mesh = await Mesh.start(world, { agentArgs: ["--bfd", "lan"] });
  await Promise.all(world.nodes.map((host) => mesh.startAgent(host)));
  const addresses = await mesh.settle();
  const [first, second] = world.nodes as [LabHost, LabHost];
  const address = addresses.get(second.name)!.v4;
  const device = await directDevice(first, address);
  const gaps: number[] = [];
  for (let i = 1; i <= count; i++) {
    await ready(first, { device, address });
    const [from, to] = i % 2 === 0 ? [first, second] : [second, first];
    gaps.push(await oneFailure(first, { address, device, from, to }));
    say(`${from.name} unheard by ${to.name}: ${gaps.at(-1)!.toFixed(2)} s (${i} of ${count})`);
  }
  return gaps;
}

interface Failure {
  readonly address: string;
  /** The tunnel that fails. */
  readonly device: string;
  readonly from: LabHost;
  readonly to: LabHost;
}

async function oneFailure(watcher: LabHost, failure: Failure): Promise<number> {
  const { address, device, from, to } = failure;
  const stream = new EchoStream(watcher, { address, everyMs: 50 });
  let heal = () => Promise.resolve();
  try {
    await enough(stream, SETTLED);
    heal = await silence({ from, to });
    await waitFor(
      "another way",
      async () => await waysTo(watcher, address) !== device,
      { everyMs: 250 },
    );
    await enough(stream, stream.count + SETTLED);
  } finally {
    await stream.stop();
    await heal();
  }
  return stream.longestGapS;
}

async function enough(stream: EchoStream, answers: number): Promise<void> {
  await waitFor(`${answers} answers`, () => Promise.resolve(stream.count >= answers));
}

/** Waits until the direct tunnel is in use and BFD watches it. */
async function ready(
  node: LabHost,
  way: { readonly device: string; readonly address: string },
): Promise<void> {
  await waitFor("the direct way", async () => await waysTo(node, way.address) === way.device, {
    everyMs: 500,
  });
  await waitFor("BFD on both tunnels", async () => {
    const peers = await node.json(["vtysh", "-c", "show bfd peers json"]);
    return Array.isArray(peers) && peers.filter((peer) => peer.status === "up").length === 2;
  }, { everyMs: 500 });
}

async function directDevice(node: LabHost, address: string): Promise<string> {
  await reach(node, [address]);
  const device = await waysTo(node, address);
  if (!(await tunnels(node)).has(device)) throw new Error(`${address} is routed to ${device}`);
  return device;
}
