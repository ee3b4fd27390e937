import assert from "node:assert/strict";
import type { LabHost } from "../lab_host.ts";
import { ping } from "../ping.ts";
import { reach } from "../reach.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { tunnelTo } from "../tunnel_to.ts";
import { waitFor } from "../wait_for.ts";
import { waysTo } from "../ways_to.ts";

/**
 * What Cilium with native routing makes: a pair of devices, its router's address on one of them, and the pods of the node
 * behind that address, as routes of protocol "kernel" (docs.cilium.io, "Routing"; cilium/cilium pull request 31716).
 */
const CILIUM = {
  pods: "10.228.0.0/24",
  router: "10.228.0.13",
  make: `ip link add cilium_host type veth peer name cilium_net
    ip link set cilium_host up; ip link set cilium_net up
    ip addr add 10.228.0.13/32 dev cilium_host
    ip route add 10.228.0.0/24 via 10.228.0.13 dev cilium_host proto kernel src 10.228.0.13`,
  remove: "ip link del cilium_host",
};

/** What libvirt makes of a network with `<forward mode="route"/>` (libvirt.org, "Network XML format"). */
const LIBVIRT = {
  prefix: "10.60.0.0/24",
  address: "10.60.0.1",
  make: `ip link add virbr7 type bridge; ip link set virbr7 up
    ip addr add 10.60.0.1/24 dev virbr7`,
  remove: "ip link del virbr7",
};

/** The address of a service, as PureLB puts it onto its device (purelb.io, "Service groups"). */
const SERVICE = {
  address: "10.77.0.1",
  device: "ip link add kube-lb0 type bridge; ip link set kube-lb0 up",
  make: "ip addr add 10.77.0.1/32 dev kube-lb0",
  remove: "ip addr del 10.77.0.1/32 dev kube-lb0",
};

/** The kernel state of tools that know nothing of meshover is all the configuration there is. */
export const kubernetesTools: Scenario = {
  name:
    "what Cilium, PureLB and libvirt put into the kernel is reached from every node while it is there",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(3);
    const [watcher, first, second] = mesh.world.nodes as [LabHost, LabHost, LabHost];
    await Promise.all(mesh.world.nodes.map((host) => mesh.startAgent(host)));
    await mesh.settle();
    const toFirst = await tunnelTo(mesh, { from: watcher, to: first });
    const toSecond = await tunnelTo(mesh, { from: watcher, to: second });
    const through = (prefix: string, device: string) =>
      waitFor(`the way of ${prefix} is ${device === "" ? "none" : device}`, async () => {
        return await waysTo(watcher, prefix) === device;
      });
    // Cilium's agent makes its devices anew when it is updated.
    for (const node of [first, first, second]) {
      await node.shell(CILIUM.make);
      await through(CILIUM.pods, node === first ? toFirst : toSecond);
      await reach(watcher, [CILIUM.router]);
      await node.shell(CILIUM.remove);
      await through(CILIUM.pods, "");
    }
    await first.shell(LIBVIRT.make);
    await through(LIBVIRT.prefix, toFirst);
    await reach(watcher, [LIBVIRT.address]);
    await first.shell(LIBVIRT.remove);
    await through(LIBVIRT.prefix, "");

    for (const node of [first, second]) await node.shell(SERVICE.device);
    await first.shell(SERVICE.make);
    await through(SERVICE.address, toFirst);
    await reach(watcher, [SERVICE.address]);
    await first.shell(SERVICE.remove);
    await second.shell(SERVICE.make);
    await through(SERVICE.address, toSecond);
    await reach(watcher, [SERVICE.address]);
    await second.shell(SERVICE.remove);
    await through(SERVICE.address, "");
    assert.equal(await ping(watcher, SERVICE.address), undefined);
  },
};
