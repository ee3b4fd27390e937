import assert from "node:assert/strict";
import { kernelRoutes } from "../kernel_routes.ts";
import type { LabHost } from "../lab_host.ts";
import type { Mesh } from "../mesh.ts";
import type { NodeAddress } from "../node_address.ts";
import { Traffic } from "../traffic.ts";
import { waitFor } from "../wait_for.ts";

/** The controller is killed and started again between the nodes that `before` tells the addresses of; a new one joins. */
export async function controllerComesBack(
  mesh: Mesh,
  { before, newcomer }: { before: ReadonlyMap<string, NodeAddress>; newcomer: string },
): Promise<void> {
  const { world } = mesh;
  const [first, second] = world.nodes as [LabHost, LabHost];
  const traffic = await Traffic.start(first, before.get(second.name)!.v4);
  const said = [first, second].map((host) => mesh.agent(host).output.length);

  await mesh.stopController("KILL");
  await waitFor("an agent has noticed", () => {
    const noticed = [first, second].some((host, index) =>
      /cannot|unreachable|refused/i.test(mesh.agent(host).output.slice(said[index]))
    );
    return Promise.resolve(noticed);
  });
  const guest = await world.addGuest("vm2", { prefix: "172.20.8.0/24", address: "172.20.8.10" });
  await world.attach(guest, second);
  await waitFor("routes still spread without a controller", async () => {
    return (await kernelRoutes(first)).some((route) => route.dst === guest.prefix);
  });

  await mesh.startController();
  const joined = await world.addNode(newcomer);
  await mesh.startAgent(joined);
  const after = await mesh.settle([first, second, joined]);
  for (const { name } of [first, second]) {
    assert.deepEqual(after.get(name), before.get(name), `${name} keeps its addresses`);
  }
  const { lost, answered } = await traffic.stop();
  assert.ok(answered > 20, `${answered} answers`);
  assert.equal(lost, 0, `${lost} packets were lost`);
  assert.ok(mesh.agent(first).running && mesh.agent(second).running, "the agents still run");
}
