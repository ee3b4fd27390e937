import type { LabHost } from "./lab_host.ts";
import { type NodeAddress, nodeAddress } from "./node_address.ts";
import { patient } from "./patience.ts";
import { reach } from "./reach.ts";
import { waitFor } from "./wait_for.ts";

/**
 * Waits until every one of the nodes has its overlay addresses and pings every other by its IPv4 node address.
 * Returns the addresses by name.
 */
export async function waitForMesh(
  hosts: readonly LabHost[],
  options: { readonly deadlineS?: number } = {},
): Promise<Map<string, NodeAddress>> {
  // Where starting a program is slow, looking takes the mesh's time; tunnels come a while after addresses, so nothing is lost.
  const everyMs = patient(100);
  const found = await Promise.all(hosts.map(async (host) => {
    const address = await waitFor(
      `${host.name} has its addresses`,
      () => nodeAddress(host),
      { everyMs, ...options },
    );
    return [host.name, address] as const;
  }));
  const addresses = new Map(found);
  await Promise.all(hosts.map((from) => {
    const others = hosts.filter((to) => to !== from);
    return reach(from, others.map((to) => addresses.get(to.name)!.v4), options);
  }));
  // Read when the first was there, they may have lacked the second.
  const settled = await Promise.all(
    hosts.map(async (host) => [host.name, (await nodeAddress(host))!] as const),
  );
  return new Map(settled);
}
