import assert from "node:assert/strict";
import { devicesOf, kernelRoutes } from "../kernel_routes.ts";
import type { LabHost } from "../lab_host.ts";
import type { Mesh } from "../mesh.ts";
import type { NodeAddress } from "../node_address.ts";
import { reach } from "../reach.ts";
import { tunnelTo } from "../tunnel_to.ts";
import { waitFor } from "../wait_for.ts";
import type { Guest } from "../world.ts";

/** A VM stands behind the third node, is reached from the first with its source address kept, and moves behind the second. */
export async function guestMoves(
  mesh: Mesh,
  addresses: ReadonlyMap<string, NodeAddress>,
): Promise<void> {
  const { world } = mesh;
  const [watcher, second, first] = world.nodes as [LabHost, LabHost, LabHost];
  const guest = await world.addGuest("vm1", { prefix: "172.20.7.0/24", address: "172.20.7.10" });
  await world.attach(guest, first);
  await reach(watcher, [guest.address]);
  await leadsTo(mesh, { watcher, guest, owner: first });
  await sourceIsKept(watcher, { guest, address: addresses.get(watcher.name)!.v4 });
  await reach(guest.host, [addresses.get(watcher.name)!.v4, addresses.get(second.name)!.v4]);
  await world.detach(guest, first);
  await waitFor(
    "the route is withdrawn",
    async () => await deviceTo(watcher, guest) === undefined,
  );
  await world.attach(guest, second);
  await reach(watcher, [guest.address]);
  await leadsTo(mesh, { watcher, guest, owner: second });
}

/** The third node's announcement can be the first to come: it passes on what it hears, and pings pass. */
async function leadsTo(
  mesh: Mesh,
  { watcher, guest, owner }: {
    readonly watcher: LabHost;
    readonly guest: Guest;
    readonly owner: LabHost;
  },
): Promise<void> {
  const tunnel = await tunnelTo(mesh, { from: watcher, to: owner });
  await waitFor(
    `the route to ${guest.prefix} leads through ${tunnel}, to ${owner.name} itself`,
    async () => await deviceTo(watcher, guest) === tunnel,
  );
}

async function deviceTo(host: LabHost, guest: Guest): Promise<string | undefined> {
  const route = (await kernelRoutes(host)).find((r) => r.dst === guest.prefix);
  if (route === undefined) return undefined;
  assert.equal(route.protocol, "bgp");
  return devicesOf(route).join(",");
}

/** Counts on the guest only what comes from the watcher's own address. */
async function sourceIsKept(
  watcher: LabHost,
  { guest, address }: { readonly guest: Guest; readonly address: string },
): Promise<void> {
  await guest.host.shell(`
    nft add table ip seen
    nft add chain ip seen input '{ type filter hook input priority 0; }'
    nft add rule ip seen input icmp type echo-request ip saddr ${address} counter
    nft add rule ip seen input icmp type echo-request ip saddr != ${address} counter`);
  await reach(watcher, [guest.address]);
  const rules = await guest.host.exec(["nft", "list", "table", "ip", "seen"]);
  const counts = [...rules.matchAll(/packets (\d+)/g)].map((match) => Number(match[1]));
  assert.equal(counts.length, 2);
  assert.ok(counts[0]! > 0, "the VM saw the node's own address");
  assert.equal(counts[1], 0, "the VM saw no other source");
}
