import assert from "node:assert/strict";
import type { LabHost } from "../lab_host.ts";
import { reach } from "../reach.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { tunnelTo } from "../tunnel_to.ts";
import { waysTo } from "../ways_to.ts";
import type { World } from "../world.ts";

/** Two networks that hide behind the address of their router, each with a node in it. */
export const behindNat: Scenario = {
  name: "nodes behind two routers that hide them reach each other through one that both reach",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(3);
    const { world } = mesh;
    const [open, ...routers] = world.nodes as [LabHost, LabHost, LabHost];
    const hidden: LabHost[] = [];
    for (const [i, router] of routers.entries()) {
      hidden.push(await hide(world, router, { name: `hidden${i + 1}`, net: `10.3${i}.0` }));
    }
    const [one, two] = hidden as [LabHost, LabHost];
    await Promise.all([open, one, two].map((host) => mesh.startAgent(host)));
    const addresses = await mesh.settle([open, one, two]);
    for (const [from, to] of [[one, two], [two, one]] as const) {
      const { v4, v6 } = addresses.get(to.name)!;
      assert.equal(await waysTo(from, v4), await tunnelTo(mesh, { from, to: open }));
      assert.ok(v6 !== undefined);
      await reach(from, [v6]);
    }
  },
};

/** Makes a host that only its router knows, which gives its packets an address and a port of its own. */
async function hide(
  world: World,
  router: LabHost,
  options: { readonly name: string; readonly net: string },
): Promise<LabHost> {
  const { name, net } = options;
  const { host } = await world.addGuest(name, { prefix: `${net}.0/24`, address: `${net}.2` });
  await router.link("lan", { host, device: "eth0" });
  // Another port for every connection, so that what one of them learns of it is of no use for others.
  await router.shell(`
    ip addr add ${net}.1/24 dev lan
    ip link set lan up
    sysctl -qw net.ipv4.ip_forward=1
    nft 'add table ip nat; add chain ip nat post { type nat hook postrouting priority 100; }'
    nft add rule ip nat post oifname eth0 ip saddr ${net}.0/24 masquerade fully-random`);
  await host.shell(`
    ip addr add ${net}.2/24 dev eth0
    ip link set eth0 up
    ip route add default via ${net}.1`);
  return host;
}
