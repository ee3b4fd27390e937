import assert from "node:assert/strict";
import type { LabHost } from "../lab_host.ts";
import type { Mesh } from "../mesh.ts";
import { reach } from "../reach.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { patient } from "../patience.ts";
import { waitFor } from "../wait_for.ts";

/** Seconds in which a connection whose address is gone would still hang: an unanswered feed is given up after 35. */
const SOON_S = 8;

/** A node that gets other underlay addresses is back at once, with its peers and with the controller. */
export const underlayMoves: Scenario = {
  name: "a node whose underlay addresses change is reached again, and tells the controller at once",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(2);
    const [node, other] = mesh.world.nodes as [LabHost, LabHost];
    await Promise.all([node, other].map((host) => mesh.startAgent(host)));
    const addresses = await mesh.settle();
    await waitFor("the controller has the node's addresses", () => knows(mesh, "172.30.0."));
    const since = performance.now();
    await node.shell(`ip addr flush dev eth0 scope global
      ip addr add 172.30.0.77/24 dev eth0; ip addr add 2001:db8:30::77/64 dev eth0 nodad
      ip route replace default via 172.30.0.254; ip route replace default via 2001:db8:30::fe`);
    await waitFor("the controller has the new addresses", () => knows(mesh, "172.30.0.77"));
    const tookS = (performance.now() - since) / 1000;
    assert.ok(tookS < patient(SOON_S), `the controller was told after ${tookS.toFixed(1)} s`);
    await reach(other, [addresses.get(node.name)!.v4]);
    assert.match(
      mesh.agent(node).output,
      /the underlay changed: connecting to the controller anew/,
    );
  },
};

async function knows(mesh: Mesh, address: string): Promise<boolean> {
  const { stdout } = await mesh.admin(["node", "show", "node1", "--json"]);
  return stdout.includes(address);
}
