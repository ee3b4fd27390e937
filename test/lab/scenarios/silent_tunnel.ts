import assert from "node:assert/strict";
import type { LabHost } from "../lab_host.ts";
import { reach } from "../reach.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { silence } from "../silence.ts";
import { tunnelTo } from "../tunnel_to.ts";
import { waitFor } from "../wait_for.ts";
import { waysTo } from "../ways_to.ts";

/** Where nothing answers any more, packets go through the third node, and the direct way again when it works. */
export const silentTunnel: Scenario = {
  name:
    "a tunnel whose packets the underlay drops, in one direction or both, is routed around through a third node",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(3);
    const [first, second, third] = mesh.world.nodes as [LabHost, LabHost, LabHost];
    await Promise.all(mesh.world.nodes.map((host) => mesh.startAgent(host)));
    const address = (await mesh.settle()).get(second.name)!.v4;
    const direct = await tunnelTo(mesh, { from: first, to: second });
    const around = await tunnelTo(mesh, { from: first, to: third });
    assert.notEqual(direct, around);
    const there = { from: first, to: second };
    const back = { from: second, to: first };
    for (const dropped of [[there], [back], [there, back]]) {
      await waitFor("the direct way", async () => await waysTo(first, address) === direct);
      const heals = [];
      for (const way of dropped) heals.push(await silence(way));
      await waitFor("the way around", async () => await waysTo(first, address) === around);
      await reach(first, [address]);
      for (const heal of heals) await heal();
    }
    await waitFor("the direct way again", async () => await waysTo(first, address) === direct);
    await reach(first, [address]);
  },
};
