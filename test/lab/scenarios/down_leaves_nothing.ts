import assert from "node:assert/strict";
import { fingerprint, untilAsBefore } from "../fingerprint.ts";
import type { LabHost } from "../lab_host.ts";
import { PLACES, type Scenario } from "../scenario.ts";

/** `meshover down` takes away what the agent made and nothing else. */
export const downLeavesNothing: Scenario = {
  name: "meshover down leaves the machine as it was, and the same addresses come back afterwards",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(2);
    const { world } = mesh;
    const [first] = world.nodes as [LabHost, LabHost];
    // What the operator made must stay.
    await first.shell(`
      ip route add 203.0.113.0/24 dev lo
      ip rule add pref 900 from 198.51.100.0/24 lookup main
      nft add table inet operators`);
    // With its module the kernel makes gre0 and others in every namespace; they are nobody's, and go with the module only.
    if (lab.place === "machine") await first.exec(["modprobe", "ip_gre"]);
    const before = await fingerprint(first);
    await Promise.all(world.nodes.map((host) => mesh.startAgent(host)));
    const addresses = await mesh.settle();
    assert.notDeepEqual(
      await fingerprint(first),
      before,
      "the fingerprint sees what the agent makes",
    );

    await mesh.down(first);
    await untilAsBefore(first, before);

    await mesh.startAgent(first);
    assert.deepEqual(await mesh.settle(), addresses);
  },
};
