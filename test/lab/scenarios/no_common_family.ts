import assert from "node:assert/strict";
import type { LabHost } from "../lab_host.ts";
import { reach } from "../reach.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { tunnelTo } from "../tunnel_to.ts";
import { waysTo } from "../ways_to.ts";

/** Nodes whose underlays have nothing in common meet at one that has both. */
export const noCommonFamily: Scenario = {
  name:
    "a node with nothing but IPv4 and one with nothing but IPv6 reach each other through one with both",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(3, { controllerArgs: ["--listen", "[::]:8080"] });
    const [v4, v6, both] = mesh.world.nodes as [LabHost, LabHost, LabHost];
    for (const [host, family] of [[v4, 6], [v6, 4]] as const) {
      await host.shell(`ip -${family} route flush default
        ip -${family} addr flush dev eth0 scope global`);
    }
    await mesh.startAgent(v4);
    await mesh.startAgent(both);
    const controller = await addressOf(mesh.world.controller);
    await mesh.startAgent(v6, ["--controlserver", `http://[${controller}]:8080`]);
    const addresses = await mesh.settle();
    const [ofV4, ofV6] = [addresses.get(v4.name)!, addresses.get(v6.name)!];
    assert.equal(await waysTo(v4, ofV6.v4), await tunnelTo(mesh, { from: v4, to: both }));
    assert.equal(await waysTo(v6, ofV4.v4), await tunnelTo(mesh, { from: v6, to: both }));
    assert.ok(ofV4.v6 !== undefined && ofV6.v6 !== undefined);
    await reach(v4, [ofV6.v6]);
    await reach(v6, [ofV4.v6]);
  },
};

async function addressOf(host: LabHost): Promise<string> {
  const text = await host.shell("ip -6 -o addr show dev eth0 scope global");
  const address = /inet6 (\S+)\//.exec(text)?.[1];
  if (address === undefined) throw new Error(`${host.name} has no IPv6 address`);
  return address;
}
