import assert from "node:assert/strict";
import type { LabHost } from "../lab_host.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { waitFor } from "../wait_for.ts";

const ROUTER = [
  "configure terminal",
  "interface eth0",
  "no ipv6 nd suppress-ra",
  "ipv6 nd ra-interval 1",
  // By default the route lives for three seconds, which a busy machine may spend without hearing the next advertisement.
  "ipv6 nd ra-lifetime 60",
  "ipv6 nd prefix 2001:db8:30::/64",
];

/** Turning on forwarding must not cost the node the default route that a router advertises. */
export const routerAdvertisements: Scenario = {
  name: "a node whose default route comes from router advertisements keeps it",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(1);
    const [node] = mesh.world.nodes as [LabHost];
    await startRouter(mesh.world.controller);
    await node.shell("sysctl -qw net.ipv6.conf.eth0.accept_ra=1; ip -6 route del default");
    await waitFor("the router is heard", () => hasDefault(node));
    await mesh.startAgent(node);
    await waitFor("forwarding is on", async () => {
      const text = await node.shell(
        "sysctl -n net.ipv6.conf.all.forwarding net.ipv6.conf.eth0.accept_ra",
      );
      return text.split(/\s+/).slice(0, 2).join() === "1,2";
    });
    assert.ok(await hasDefault(node), "the default route survived forwarding");
    // And it is heard anew: the route that is there now is not just one that has not run out yet.
    await node.shell("ip -6 route del default proto ra");
    await waitFor("the router is heard again", () => hasDefault(node));
    await mesh.down(node);
    const after = await node.shell(
      "sysctl -n net.ipv6.conf.all.forwarding net.ipv6.conf.eth0.accept_ra",
    );
    assert.deepEqual(after.split(/\s+/).slice(0, 2), ["0", "1"]);
  },
};

async function hasDefault(node: LabHost): Promise<boolean> {
  return (await node.shell("ip -6 route show default proto ra")).includes("default");
}

/**
 * FRR 10's zebra takes none of this from a file: its mgmtd keeps the configuration. Its daemons keep the output open that they are
 * started with, and whoever reads it waits for them.
 */
async function startRouter(host: LabHost): Promise<void> {
  await host.shell(`
    sysctl -qw net.ipv6.conf.all.forwarding=1
    install -d -o frr -g frr /run/frr /etc/frr
    [ ! -x /usr/lib/frr/mgmtd ] || /usr/lib/frr/mgmtd -d > /dev/null 2>&1
    /usr/lib/frr/zebra -d -P 0 > /dev/null 2>&1`);
  await waitFor("the router takes its configuration", async () => {
    await host.exec(["vtysh", ...ROUTER.flatMap((line) => ["-c", line])]);
    return true;
  });
}
