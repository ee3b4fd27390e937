import type { LabHost } from "../../test/lab/lab_host.ts";
import type { Guest, World } from "../../test/lab/world.ts";
import { devicesOf, kernelRoutes } from "../../test/lab/kernel_routes.ts";
import type { Mesh } from "../../test/lab/mesh.ts";
import { pathMtu } from "../../test/lab/path_mtu.ts";
import { reach } from "../../test/lab/reach.ts";
import { waitFor } from "../../test/lab/wait_for.ts";

/** What the story needs. */
export interface GuestStoryOptions {
  readonly mesh: Mesh;
  /** The node that looks on, by name and overlay address. */
  readonly watcher: LabHost;
  readonly watcherAddress: string;
  /** The node that the guest stands behind at first. */
  readonly first: LabHost;
  /** The node that it moves to. */
  readonly second: LabHost;
  /** Tells progress. */
  readonly say: (line: string) => void;
  /** Prints results. */
  readonly print: (line: string) => void;
}

const GUEST = { prefix: "172.20.7.0/24", address: "172.20.7.10" };

/** A "VM" behind one node is reached from another with its source address kept, moves, and is reached again. */
export async function guestStory(options: GuestStoryOptions): Promise<void> {
  const { mesh, first, second, say } = options;
  const { world } = mesh;
  const guest = await world.addGuest("vm1", GUEST);
  say(`${first.name}: a VM appears: ip route add ${guest.prefix} dev vm1`);
  await world.attach(guest, first);
  await follow(options, { world, guest, behind: first });
  await sourceKept(options, guest);
  say(`the VM moves: its route goes from ${first.name} and comes up on ${second.name}`);
  await world.detach(guest, first);
  await world.attach(guest, second);
  await follow(options, { world, guest, behind: second });
}

interface Place {
  readonly world: World;
  readonly guest: Guest;
  readonly behind: LabHost;
}

async function follow(options: GuestStoryOptions, { guest, behind }: Place): Promise<void> {
  const { mesh, watcher, say, print } = options;
  const started = performance.now();
  const peer = await waitFor(`${watcher.name} tells of ${behind.name}`, async () => {
    return (await mesh.status(watcher)).peers.find((p) => p.name === behind.name);
  });
  await waitFor(`${watcher.name} routes ${guest.prefix} to ${behind.name}`, async () => {
    const route = (await kernelRoutes(watcher)).find((r) => r.dst === guest.prefix);
    return route !== undefined && devicesOf(route).includes(peer.tunnel);
  });
  await reach(watcher, [guest.address]);
  const took = ((performance.now() - started) / 1000).toFixed(1);
  say(`${watcher.name} reaches ${guest.address} behind ${behind.name} after ${took} s`);
  print(
    `    ${(await watcher.exec(["ip", "route", "get", guest.address])).split("\n")[0]!.trim()}`,
  );
  for (const line of (await pathMtu(watcher, guest.address)).text.trimEnd().split("\n")) {
    print(`   ${line}`);
  }
}

/** Listens on the guest's own wire while the watcher pings it. */
async function sourceKept(options: GuestStoryOptions, guest: Guest): Promise<void> {
  const { watcher, watcherAddress, say, print } = options;
  const listener = guest.host.start([
    "tcpdump",
    "-n",
    "-l",
    "-c",
    "1",
    "-i",
    "eth0",
    "icmp[icmptype] = icmp-echo",
  ]);
  await listener.waitForLine(/listening on/);
  await reach(watcher, [guest.address]);
  const line = await listener.waitForLine(/echo request/, { deadlineS: 20 });
  if (!line.includes(` ${watcherAddress} > ${guest.address}`)) {
    throw new Error(
      `The source address is not kept: ${watcherAddress} pinged, the VM saw: ${line}`,
    );
  }
  say(`the VM sees ${watcher.name}'s own address:`);
  print(`    ${line.replace(/^\S+ /, "")}`);
}
