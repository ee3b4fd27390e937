import type { LabHost } from "../../test/lab/lab_host.ts";
import { kernelRoutes } from "../../test/lab/kernel_routes.ts";
import { Mesh } from "../../test/lab/mesh.ts";
import { reach } from "../../test/lab/reach.ts";
import { waitFor } from "../../test/lab/wait_for.ts";
import { type Guest, World } from "../../test/lab/world.ts";
import { EchoStream } from "./echo_stream.ts";

const NODES = 5;

/**
 * Seconds from a new kernel route on one of five nodes until the last of the others has had an answer from an address in it.
 */
export async function newRoutes(count: number, say: (line: string) => void): Promise<number[]> {
  await using world = await World.create({ nodes: NODES });
  const mesh = await Mesh.start(world);
  await Promise.all(world.nodes.map((host) => mesh.startAgent(host)));
  await mesh.settle();
  const [owner, ...others] = world.nodes as [LabHost, ...LabHost[]];
  const guest = await world.addGuest("vm1", { prefix: "172.20.7.0/24", address: "172.20.7.10" });
  await world.attach(guest, owner);
  await Promise.all(others.map((host) => reach(host, [guest.address])));
  const samples: number[] = [];
  for (let i = 1; i <= count; i++) {
    await withdraw(guest, { owner, others });
    samples.push(await announce(guest, { owner, others }));
    say(`usable everywhere after ${samples.at(-1)!.toFixed(2)} s (${i} of ${count})`);
  }
  return samples;
}

interface Where {
  readonly owner: LabHost;
  readonly others: readonly LabHost[];
}

async function withdraw(guest: Guest, { owner, others }: Where): Promise<void> {
  await owner.exec(["ip", "route", "del", guest.prefix]);
  await waitFor("the route is gone everywhere", async () => {
    const tables = await Promise.all(others.map((host) => kernelRoutes(host)));
    return tables.every((routes) => routes.every(({ dst }) => dst !== guest.prefix));
  }, { everyMs: 250 });
}

async function announce(guest: Guest, { owner, others }: Where): Promise<number> {
  const streams = others.map((host) =>
    new EchoStream(host, { address: guest.address, everyMs: 20 })
  );
  try {
    // One clock for all: the hosts are namespaces of one machine.
    const said = await owner.shell(
      `date +%s.%N; ip route add ${guest.prefix} dev ${guest.host.name}`,
    );
    await waitFor(
      "an answer everywhere",
      () => Promise.resolve(streams.every(({ firstAt }) => firstAt !== undefined)),
      { everyMs: 50 },
    );
    return Math.max(...streams.map(({ firstAt }) => firstAt!)) - Number(said);
  } finally {
    await Promise.all(streams.map((stream) => stream.stop()));
  }
}
