import assert from "node:assert/strict";
import type { LabHost } from "../lab_host.ts";
import { STATE_DIR } from "../mesh.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { waitFor } from "../wait_for.ts";

/** Bytes of ICMP and IPv4 headers. */
const HEADERS = 28;

/** Tunnels keep the 1280 bytes that IPv6 needs, whatever the underlay, and the node says what that costs. */
export const narrowUnderlay: Scenario = {
  name: "over an underlay of 1300 bytes packets of 1280 still pass, and the node says so",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(2);
    const [node, other] = mesh.world.nodes as [LabHost, LabHost];
    await Promise.all([node, other].map((host) => host.shell("ip link set eth0 mtu 1300")));
    await Promise.all([node, other].map((host) => mesh.startAgent(host)));
    const addresses = await mesh.settle();
    const { v4, v6 = "" } = addresses.get(other.name)!;
    const size = String(1280 - HEADERS);
    // Not to be cut on the way: the tunnel takes it whole, and WireGuard's packets are cut outside.
    await waitFor("a packet of 1280 bytes passes", async () => {
      const argv = ["ping", "-c", "1", "-W", "1", "-M", "do", "-s", size, v4];
      return (await node.tryExec(argv)).code === 0;
    });
    const argv6 = ["ping", "-c", "1", "-W", "1", "-s", String(1280 - 48), v6];
    await waitFor("and one of IPv6", async () => (await node.tryExec(argv6)).code === 0);
    const links = await node.shell("ip -o link show | grep meshover0-");
    assert.match(links, /mtu 1280 /);
    assert.match(
      mesh.agent(node).output,
      /the underlay's MTU of 1300 is under 1[34]\d\d: tunnels keep 1280/,
    );
    const doctor = await mesh.run(node, ["doctor", "--statedir", STATE_DIR, "--json"]);
    assert.match(doctor.stdout, /"id":"mtu","verdict":"(warning|failed)"/);
  },
};
