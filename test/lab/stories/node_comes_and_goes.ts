import assert from "node:assert/strict";
import { bgpSummary } from "../bgp_summary.ts";
import { kernelRoutes } from "../kernel_routes.ts";
import type { LabHost } from "../lab_host.ts";
import type { Mesh } from "../mesh.ts";
import { type NodeAddress, nodeAddress } from "../node_address.ts";
import { reach } from "../reach.ts";
import { Traffic } from "../traffic.ts";
import { tunnels } from "../tunnels.ts";
import { waitFor } from "../wait_for.ts";

/** A fourth node joins three and leaves them: other sessions stay up, other packets get through. */
export async function nodeComesAndGoes(
  mesh: Mesh,
  addresses: ReadonlyMap<string, NodeAddress>,
): Promise<void> {
  const { world } = mesh;
  const old = [...world.nodes] as [LabHost, LabHost, LabHost];
  await waitFor(
    "all sessions are up",
    async () => (await establishedCounts(old)).every((c) => c.length === 2),
  );
  const before = await establishedCounts(old);
  const traffic = await Traffic.start(old[0], addresses.get(old[1].name)!.v4);

  const fourth = await world.addNode("node4");
  await mesh.startAgent(fourth);
  await mesh.settle();
  const { v4 } = (await nodeAddress(fourth))!;

  await mesh.down(fourth);
  const removed = await mesh.admin(["node", "remove", "node4"]);
  assert.equal(removed.code, 0, removed.stderr);
  await waitFor("the others have forgotten it", async () => {
    const counts = await Promise.all(old.map(async (host) => (await tunnels(host)).size));
    return counts.every((count) => count === 2);
  });
  // BGP tries longer and longer ways by the others before it gives an address up.
  await waitFor("no route to it is left", async () => {
    const routes = (await Promise.all(old.map((host) => kernelRoutes(host)))).flat();
    return routes.every((route) => route.dst !== v4);
  });

  const { lost, answered } = await traffic.stop();
  assert.ok(answered > 20, `${answered} answers`);
  assert.equal(lost, 0, `${lost} packets between the others were lost`);
  assert.deepEqual(await establishedCounts(old), before, "no session of the others came up anew");
  await reach(old[2], [addresses.get(old[0].name)!.v4]);
}

/** For each host, how often each of its established sessions came up. */
async function establishedCounts(hosts: readonly LabHost[]): Promise<string[][]> {
  return await Promise.all(hosts.map(async (host) => {
    const sessions = [...(await bgpSummary(host)).sessions].filter(([, s]) =>
      s.state === "Established"
    );
    return sessions.map(([device, session]) => `${device} ${session.established}`).toSorted();
  }));
}
