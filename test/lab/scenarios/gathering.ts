import assert from "node:assert/strict";
import type { LabHost } from "../lab_host.ts";
import { reach } from "../reach.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { waitFor } from "../wait_for.ts";

const RANGE = "198.18.7.0/24";
const OUTSIDE = "203.0.113.9";

/** Packets from a gathered range leave through the node that gathers it, wherever they were made. */
export const gathering: Scenario = {
  name:
    "packets from a gathered range leave through the node that gathers it, and as before when it is gone",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(2);
    const { world } = mesh;
    const [home, gatherer] = world.nodes as [LabHost, LabHost];
    // Only the gatherer knows a way to the outside; the outside answers by way of the gatherer.
    await world.controller.shell(`
      ip addr add ${OUTSIDE}/32 dev lo
      ip route add ${RANGE} via ${await underlayOf(gatherer)}`);
    await gatherer.shell(`ip route replace default via ${world.controllerAddress}`);
    await mesh.startAgent(home);
    await mesh.startAgent(gatherer, ["--gathering", RANGE]);
    const addresses = await mesh.settle();
    const guest = await world.addGuest("vm1", { prefix: RANGE, address: "198.18.7.10" });
    await world.attach(guest, home);
    await reach(guest.host, [OUTSIDE]);
    const rules = await home.shell("ip rule show");
    assert.match(rules, /5199:\s+from all lookup main suppress_prefixlength 0/);
    assert.match(rules, /from 198\.18\.7\.0\/24 lookup 53\d/);
    // Overlay destinations are still reached the short way, and the node's own packets are not gathered.
    await reach(guest.host, [addresses.get(home.name)!.v4, addresses.get(gatherer.name)!.v4]);
    await reach(home, [world.controllerAddress]);

    await mesh.down(gatherer);
    await waitFor(
      "the rules and the routes are gone with the gatherer",
      async () =>
        !(await home.shell("ip rule show")).includes("proto 129") &&
        !(await home.shell("ip route show table all proto 129")).includes("default"),
    );
  },
};

async function underlayOf(host: LabHost): Promise<string> {
  const address = /inet ([0-9.]+)\//.exec(await host.shell("ip -o -4 addr show eth0"))?.[1];
  if (address === undefined) throw new Error(`${host.name} has no IPv4 address on eth0`);
  return address;
}
