import assert from "node:assert/strict";
import { FrrLab, TEMPLATE, until, WAN } from "./frr_lab.ts";
import { NO_FRR, ways } from "./three_nodes.ts";

const BIRD = `
router id 10.99.0.2;
protocol device {}
protocol static { ipv4; route 10.150.0.0/24 blackhole; route 0.0.0.0/0 blackhole; }
protocol kernel { ipv4 { export all; }; }
protocol bgp node {
  local 10.99.0.2 as 65010;
  neighbor 10.99.0.1 as 4200000001;
  ipv4 { import all; export where source = RTS_STATIC; };
}
`;

Deno.test({
  name: "an external router exchanges routes with the overlay through an operator's template",
  ignore: NO_FRR || !await hasBird(),
  fn: async () => {
    await using lab = await FrrLab.make(3);
    const [node, tor, far] = [lab.node(1), lab.node(2), lab.node(3)];
    const template = `${TEMPLATE}
router bgp {{asn}}
 neighbor 10.99.0.2 remote-as 65010
 address-family ipv4 unicast
  neighbor 10.99.0.2 activate
  neighbor 10.99.0.2 route-map meshover-accept in
  neighbor 10.99.0.2 route-map meshover-announce out
 exit-address-family
exit
`;
    for (const one of [node, far]) await one.frr.ensureRunning();
    await node.configure(node.input([3], WAN), template);
    assert.deepEqual(await node.pending(), []);
    await far.configure(far.input([1], WAN));
    await lab.linkUp([1, 3]);
    await Deno.writeTextFile(`${tor.stateDir}/bird.conf`, BIRD);
    await tor.run("bird", "-c", `${tor.stateDir}/bird.conf`, "-s", `${tor.stateDir}/bird.ctl`);
    await until(
      "the router's prefix on a far node",
      async () => (await ways(far, "10.150.0.0/24")).join() === "meshover0-tun1",
    );
    await until(
      "the far node's address on the router",
      async () => /^10\.128\.0\.3 via 10\.99\.0\.1/m.test(await tor.run("ip", "route")),
    );
    await until("an answer", () => far.pings("10.128.0.1"));
    assert.doesNotMatch(await far.run("ip", "route"), /default/);
    await node.configure(node.input([3], WAN), TEMPLATE);
    assert.deepEqual(await node.pending(), []);
    await until("its withdrawal", async () => (await ways(far, "10.150.0.0/24")).length === 0);
    assert.deepEqual(await node.established(), ["meshover0-tun3"]);
  },
});

async function hasBird(): Promise<boolean> {
  if (NO_FRR) return false;
  const found = await new Deno.Command("sh", { args: ["-c", "command -v bird"], stdout: "null" })
    .output();
  if (!found.success) {
    console.log(
      `skipped, needs BIRD (apt install bird2): the external router in ${import.meta.url}`,
    );
  }
  return found.success;
}
