import assert from "node:assert/strict";
import type { LabHost } from "../lab_host.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { waitFor } from "../wait_for.ts";
import type { World } from "../world.ts";

const V4 = { range: "198.18.7.0/24", source: "198.18.7.10", outside: "203.0.113.9" };
const V6 = { range: "2001:db8:77::/64", source: "2001:db8:77::10", outside: "2001:db8:99::9" };

/** A range that two nodes gather goes to the other one when its node is gone, for both families. */
export const twoGatherers: Scenario = {
  name:
    "a range that two nodes gather, IPv4 or IPv6, goes to the other one when its node is cut off",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(3);
    const { world } = mesh;
    const [home, ...gatherers] = world.nodes as [LabHost, LabHost, LabHost];
    await outside(world, gatherers);
    await mesh.startAgent(home);
    for (const node of gatherers) {
      await mesh.startAgent(node, ["--gathering", `${V4.range},${V6.range}`]);
    }
    await mesh.settle();
    // Sources of the range stand for guests; they are on a device that leads nowhere.
    await home.shell(`ip link add guests type bridge; ip link set guests up
      ip addr add ${V4.source}/32 dev guests; ip addr add ${V6.source}/128 dev guests nodad`);
    await waitFor("both ranges have their rule", async () => (await tables(home)).length === 2);
    const [first] = await leaver(home, gatherers);
    const second = gatherers.find((node) => node !== first)!;

    await world.setLink(first!, "down");
    await waitFor(
      "the other one lets the packets out",
      async () => (await leaver(home, [second])).length === 2,
    );
    await mesh.agent(second).stop();
    await mesh.down(second);
    await waitFor(
      "no rule is left without a gatherer",
      async () => (await tables(home)).length === 0,
    );
    const left = await home.shell(
      "ip route show table all proto 129; ip -6 route show table all proto 129",
    );
    assert.doesNotMatch(left, /default/);
  },
};

/** Makes addresses outside of the mesh, to which only the gatherers have a way. */
async function outside(world: World, gatherers: readonly LabHost[]): Promise<void> {
  const { controller, controllerAddress } = world;
  await controller.shell(
    `ip addr add ${V4.outside}/32 dev lo; ip addr add ${V6.outside}/128 dev lo nodad`,
  );
  const v6 = /inet6 (2001:\S+)\//.exec(await controller.shell("ip -6 -o addr show eth0"))?.[1];
  for (const node of gatherers) {
    await node.shell(`ip route replace default via ${controllerAddress}
      ip -6 route replace default via ${v6}`);
  }
}

/** Counts from now on what a node lets out to the outside. */
async function count(node: LabHost): Promise<void> {
  await node.shell(`nft add table inet seen; nft delete table inet seen; nft add table inet seen
    nft 'add chain inet seen out { type filter hook postrouting priority 300; }'
    nft add rule inet seen out oifname eth0 ip daddr ${V4.outside} counter
    nft add rule inet seen out oifname eth0 ip6 daddr ${V6.outside} counter`);
}

/** The tables that the ranges' packets look in. */
async function tables(home: LabHost): Promise<string[]> {
  const rules = await home.shell("ip rule show; ip -6 rule show");
  return [...rules.matchAll(/from (?:198\.18\.7|2001:db8:77)\S+ lookup (5\d\d)/g)].map((m) =>
    m[1]!
  );
}

/** Sends packets out of the ranges and returns, a time for each family, the node among `nodes` that let them out. */
async function leaver(home: LabHost, nodes: readonly LabHost[]): Promise<LabHost[]> {
  for (const node of nodes) await count(node);
  await home.tryExec(["ping", "-c", "3", "-i", "0.2", "-W", "1", "-I", V4.source, V4.outside]);
  await home.tryExec(["ping", "-c", "3", "-i", "0.2", "-W", "1", "-I", V6.source, V6.outside]);
  const found: LabHost[] = [];
  for (const node of nodes) {
    const seen = await node.shell("nft list table inet seen");
    for (const _ of seen.matchAll(/counter packets [1-9]/g)) found.push(node);
  }
  return found;
}
