import assert from "node:assert/strict";
import type { LabHost } from "../lab_host.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { Traffic } from "../traffic.ts";
import { waitFor } from "../wait_for.ts";
import { kernelRoutes } from "../kernel_routes.ts";

/** The overlay outlives the control plane. */
export const controllerRestart: Scenario = {
  name:
    "the controller is killed and started again: no packet is lost, addresses stay, a new node joins",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(2);
    const { world } = mesh;
    const [first, second] = world.nodes as [LabHost, LabHost];
    await Promise.all([first, second].map((host) => mesh.startAgent(host)));
    const before = await mesh.settle();
    const traffic = await Traffic.start(first, before.get(second.name)!.v4);

    await mesh.stopController("KILL");
    await waitFor("an agent has noticed", () => {
      const noticed = [first, second].some((host) =>
        /cannot|unreachable|refused/i.test(mesh.agent(host).output)
      );
      return Promise.resolve(noticed);
    });
    const guest = await world.addGuest("vm1", { prefix: "172.20.8.0/24", address: "172.20.8.10" });
    await world.attach(guest, second);
    await waitFor("routes still spread without a controller", async () => {
      return (await kernelRoutes(first)).some((route) => route.dst === guest.prefix);
    });

    await mesh.startController();
    await mesh.startAgent(await world.addNode("node3"));
    const after = await mesh.settle();
    for (const [name, address] of before) {
      assert.deepEqual(after.get(name), address, `${name} keeps its addresses`);
    }
    const { lost, answered } = await traffic.stop();
    assert.ok(answered > 20, `${answered} answers`);
    assert.equal(lost, 0, `${lost} packets were lost`);
    assert.ok(mesh.agent(first).running && mesh.agent(second).running, "the agents still run");
  },
};
