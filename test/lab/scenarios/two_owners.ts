import assert from "node:assert/strict";
import type { LabHost } from "../lab_host.ts";
import { ping } from "../ping.ts";
import { reach } from "../reach.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { silence } from "../silence.ts";
import { tunnelTo } from "../tunnel_to.ts";
import { waitFor } from "../wait_for.ts";
import { waysTo } from "../ways_to.ts";

const VIP = "10.77.0.1";

/** An address that two nodes have is reached at the nearer one, and at the other when that one loses it. */
export const twoOwners: Scenario = {
  name:
    "an address that two nodes announce is reached at the nearest; the other takes over and gives back",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(3);
    const [watcher, far, near] = mesh.world.nodes as [LabHost, LabHost, LabHost];
    await Promise.all(mesh.world.nodes.map((host) => mesh.startAgent(host)));
    const ownerAddress = (await mesh.settle()).get(far.name)!.v4;
    const toFar = await tunnelTo(mesh, { from: watcher, to: far });
    const toNear = await tunnelTo(mesh, { from: watcher, to: near });
    const through = (devices: string) =>
      waitFor(`the way ${devices}`, async () => await waysTo(watcher, VIP) === devices);
    // As PureLB does: the address of a service as /32 on a device of its own.
    for (const node of [far, near]) {
      await node.shell(`ip link add kube-lb0 type bridge; ip link set kube-lb0 up
        ip addr add ${VIP}/32 dev kube-lb0`);
    }
    await through([toFar, toNear].toSorted().join());
    // Without its direct tunnel one of them is a node further away.
    const heals = [
      await silence({ from: watcher, to: far }),
      await silence({ from: far, to: watcher }),
    ];
    await through(toNear);
    await waitFor("the far node's own address through the near one", async () => {
      return await waysTo(watcher, ownerAddress) === toNear;
    });
    await reach(watcher, [VIP]);
    await near.shell(`ip addr del ${VIP}/32 dev kube-lb0`);
    await waitFor("the far one takes over", async () => await waysTo(near, VIP) !== "");
    await reach(watcher, [VIP]);
    await near.shell(`ip addr add ${VIP}/32 dev kube-lb0`);
    for (const heal of heals) await heal();
    await through([toFar, toNear].toSorted().join());
    await near.shell("ip link del kube-lb0");
    await through(toFar);
    await far.shell("ip link del kube-lb0");
    await through("");
    assert.equal(await ping(watcher, VIP), undefined);
  },
};
