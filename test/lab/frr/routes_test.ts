import assert from "node:assert/strict";
import { parseAsn } from "../../../lib/model/asn.ts";
import { parsePrefix } from "../../../lib/model/prefix.ts";
import { type KernelRoute, networksUnseen } from "../../../lib/plan/frr_networks.ts";
import type { FrrInput, FrrOrigin } from "../../../lib/plan/frr_conf.ts";
import { FrrLab, type FrrNode, TEMPLATE, until, whyNoFrr } from "./frr_lab.ts";

const reason = await whyNoFrr();
if (reason !== undefined) console.log(`skipped, ${reason}: ${import.meta.url}`);
const ignore = reason !== undefined;
const decoder = new TextDecoder();

/** Three nodes, every one with a session to every other. */
async function mesh(inputs: Partial<Record<number, Partial<FrrInput>>> = {}): Promise<FrrLab> {
  const lab = await FrrLab.make(3);
  await Promise.all(lab.nodes.map((node) => node.frr.ensureRunning()));
  for (const node of lab.nodes) {
    const peers = [1, 2, 3].filter((peer) => peer !== node.number);
    await node.configure(node.input(peers, inputs[node.number] ?? {}));
  }
  await lab.linkUp([1, 2], [1, 3], [2, 3]);
  for (const node of lab.nodes) {
    await until(`sessions of ${node.number}`, async () => (await node.established()).length === 2);
  }
  return lab;
}

/** Devices that a prefix is routed to by BGP. */
async function ways(node: FrrNode, prefix: string): Promise<readonly string[]> {
  const routes = await node.frr.routes();
  const route = routes.find((one) => one.prefix === prefix && one.protocol === "bgp");
  return [...route?.devices ?? []].sort();
}

/** Pings every 50 ms until it is told to stop; then the longest time between two answers, seconds. */
function longestGap(node: FrrNode, address: string) {
  const [program, ...args] = node.enter("ping", "-D", "-n", "-i", "0.05", address);
  const child = new Deno.Command(program!, { args, stdout: "piped", stderr: "null" }).spawn();
  return async (): Promise<number> => {
    child.kill("SIGINT");
    const { stdout } = await child.output();
    const times = [...decoder.decode(stdout).matchAll(/^\[([\d.]+)\].*bytes from/gm)].map((one) =>
      Number(one[1])
    );
    return Math.max(...times.slice(1).map((time, index) => time - times[index]!));
  };
}

Deno.test({
  name:
    "a tunnel that goes silent in one direction is routed around within a second or so, and taken again",
  ignore,
  fn: async () => {
    await using lab = await mesh();
    const node = lab.node(1);
    await until(
      "BFD",
      async () =>
        [...(await node.frr.bfdSessions()).values()].filter(({ status }) => status === "up")
          .length === 2,
    );
    await until(
      "the direct way",
      async () => (await ways(node, "10.128.0.2/32")).join() === "meshover0-tun2",
    );
    await until("an answer", () => node.pings("10.128.0.2"));
    const stop = longestGap(node, "10.128.0.2");
    await until("some answers", () => node.pings("10.128.0.2"));
    await lab.node(2).run(
      "nft",
      "add table inet lab; add chain inet lab in { type filter hook prerouting priority -300; }; " +
        "add rule inet lab in ip saddr 10.99.0.1 udp dport 12913 drop",
    );
    await until(
      "the way through the third",
      async () => (await ways(node, "10.128.0.2/32")).join() === "meshover0-tun3",
    );
    await until("an answer", () => node.pings("10.128.0.2"));
    const gap = await stop();
    console.log(`longest gap ${gap.toFixed(2)} s`);
    assert.ok(gap < 20, `${gap} s`);
    await lab.node(2).run("nft", "delete", "table", "inet", "lab");
    await until(
      "the direct way again",
      async () => (await ways(node, "10.128.0.2/32")).join() === "meshover0-tun2",
    );
  },
});

Deno.test({
  name: "nodes that cannot reach each other directly reach each other through one that both reach",
  ignore,
  fn: async () => {
    await using lab = await FrrLab.make(3);
    for (const node of lab.nodes) {
      await node.frr.ensureRunning();
      await node.configure(node.input([1, 2, 3].filter((peer) => peer !== node.number)));
    }
    await lab.linkUp([1, 3], [2, 3]);
    const node = lab.node(1);
    await until("IPv4", () => node.pings("10.128.0.2"));
    await until("IPv6", () => node.pings("fd00:beef:beef:2::1"));
    assert.deepEqual(await ways(node, "10.128.0.2/32"), ["meshover0-tun3"]);
  },
});

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
  ignore: ignore || !await hasBird(),
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
    await node.configure(node.input([3]), template);
    assert.deepEqual(await node.pending(), []);
    await far.configure(far.input([1]));
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
    await node.configure(node.input([3]), TEMPLATE);
    assert.deepEqual(await node.pending(), []);
    await until("its withdrawal", async () => (await ways(far, "10.150.0.0/24")).length === 0);
    assert.deepEqual(await node.established(), ["meshover0-tun3"]);
  },
});

async function hasBird(): Promise<boolean> {
  if (ignore) return false;
  const found = await new Deno.Command("sh", { args: ["-c", "command -v bird"], stdout: "null" })
    .output();
  if (!found.success) {
    console.log(
      `skipped, needs BIRD (apt install bird2): the external router in ${import.meta.url}`,
    );
  }
  return found.success;
}

Deno.test({
  name:
    "a prefix of two nodes is reached over both, the nearer one is preferred, and one takes over from the other",
  ignore,
  fn: async () => {
    await using lab = await mesh();
    const [node, two, three] = [lab.node(1), lab.node(2), lab.node(3)];
    for (const other of [two, three]) {
      await other.run("ip", "link", "add", "kube-lb0", "type", "bridge");
      await other.run("ip", "link", "set", "kube-lb0", "up");
      await other.run("ip", "addr", "add", "10.77.0.1/32", "dev", "kube-lb0");
    }
    await until(
      "both ways",
      async () => (await ways(node, "10.77.0.1/32")).join() === "meshover0-tun2,meshover0-tun3",
    );
    await two.run("ip", "addr", "del", "10.77.0.1/32", "dev", "kube-lb0");
    await until(
      "the other way",
      async () => (await ways(node, "10.77.0.1/32")).join() === "meshover0-tun3",
    );
    await until("an answer", () => node.pings("10.77.0.1"));
    await until(
      "that the former owner uses it too",
      async () => (await ways(two, "10.77.0.1/32")).join() === "meshover0-tun3",
    );
    await two.run("ip", "addr", "add", "10.77.0.1/32", "dev", "kube-lb0");
    await until(
      "its own address first",
      async () => (await ways(two, "10.77.0.1/32")).length === 0,
    );
    for (const other of [two, three]) await other.run("ip", "link", "del", "kube-lb0");
    await until("its withdrawal", async () => (await ways(node, "10.77.0.1/32")).length === 0);
  },
});

Deno.test({
  name: "with a policy a node gets only its own addresses and approved prefixes to others",
  ignore,
  fn: async () => {
    const origin = (number: number, ...approved: string[]): FrrOrigin => ({
      number,
      asn: parseAsn(`${4_200_000_000 + number}`),
      prefixes: [`10.128.0.${number}/32`, `fd00:beef:beef:${number}::/64`, ...approved].map(
        parsePrefix,
      ),
    });
    await using lab = await mesh({ 1: { policy: [origin(2, "10.70.0.0/16"), origin(3)] } });
    const [node, two, three] = [lab.node(1), lab.node(2), lab.node(3)];
    for (
      const [other, ...routes] of [[two, "10.70.1.0/24", "10.71.0.0/24"], [
        three,
        "10.70.2.0/24",
        "10.72.0.0/24",
        "10.128.0.2/32",
      ]] as const
    ) {
      await other.run(
        "sh",
        "-c",
        "ip link add lan type bridge; ip link set lan up; ip addr add 10.88.0.1/24 dev lan",
      );
      for (const route of routes) await other.run("ip", "route", "add", route, "dev", "lan");
    }
    await until(
      "what is approved",
      async () => (await ways(node, "10.70.1.0/24")).join() === "meshover0-tun2",
    );
    await until(
      "that node 2 hears node 3",
      async () => (await ways(two, "10.72.0.0/24")).length === 1,
    );
    for (const refused of ["10.71.0.0/24", "10.70.2.0/24", "10.72.0.0/24", "10.88.0.0/24"]) {
      assert.deepEqual(await ways(node, refused), [], refused);
    }
    assert.deepEqual(await ways(node, "10.128.0.2/32"), ["meshover0-tun2"]);
    assert.deepEqual(await ways(node, "10.128.0.3/32"), ["meshover0-tun3"]);
    await node.configure(node.input([2, 3], { policy: [origin(2), origin(3, "10.72.0.0/16")] }));
    assert.deepEqual(await node.pending(), []);
    await until("what is approved now", async () => (await ways(node, "10.72.0.0/24")).length > 0);
    await until("the end of what was", async () => (await ways(node, "10.70.1.0/24")).length === 0);
    assert.deepEqual([...(await node.frr.sessions()).values()].map(({ dropped }) => dropped), [
      0,
      0,
    ]);
  },
});

Deno.test({
  name: "a peer that sends too many prefixes loses its session and its routes",
  ignore,
  fn: async () => {
    await using lab = await mesh({ 1: { maximumPrefix: 10 } });
    const [node, two] = [lab.node(1), lab.node(2)];
    await two.run(
      "sh",
      "-c",
      "ip link add lan type bridge; ip link set lan up; for i in $(seq 1 30); do ip route add 10.80.$i.0/24 dev lan; done",
    );
    await until(
      "the end of the session",
      async () => (await node.frr.sessions()).get("meshover0-tun2")?.state === "Idle (PfxCt)",
    );
    const kernel = await node.run("ip", "route", "show", "proto", "bgp");
    assert.doesNotMatch(kernel, /dev meshover0-tun2/);
  },
});

Deno.test({
  name: "routes that FRR does not see, as Cilium makes them, are announced and withdrawn",
  ignore,
  fn: async () => {
    await using lab = await mesh();
    const [node, two] = [lab.node(1), lab.node(2)];
    await two.run(
      "sh",
      "-c",
      `ip link add cilium_host type bridge; ip link set cilium_host up
      ip addr add 10.228.0.13/32 dev cilium_host
      ip route add 10.228.0.0/24 via 10.228.0.13 dev cilium_host proto kernel src 10.228.0.13`,
    );
    const unseen = async () =>
      networksUnseen(JSON.parse(await two.run("ip", "-j", "route")) as KernelRoute[]);
    assert.deepEqual(await unseen(), ["10.228.0.0/24"]);
    await two.configure(two.input([1, 3], { networks: await unseen() }));
    assert.deepEqual(await two.pending(), []);
    await until(
      "the pods",
      async () => (await ways(node, "10.228.0.0/24")).join() === "meshover0-tun2",
    );
    await two.run("ip", "link", "del", "cilium_host");
    await two.configure(two.input([1, 3], { networks: await unseen() }));
    await until("their withdrawal", async () => (await ways(node, "10.228.0.0/24")).length === 0);
  },
});

Deno.test({
  name:
    "tunnels that zebra missed the link-local address of are found and cured by taking them down and up",
  ignore,
  fn: async () => {
    await using lab = await FrrLab.make(1);
    const node = lab.node(1);
    await node.frr.ensureRunning();
    const peers = Array.from({ length: 40 }, (_, i) => i + 2);
    await node.configure(node.input(peers));
    // Adding a device and bringing it up in one batch is what FRR 8.4 trips over.
    await node.run(
      "sh",
      "-c",
      peers.map((peer) =>
        `echo "link add meshover0-tun${peer} type vxlan id ${peer} local 10.99.0.1 remote 10.99.0.${peer} dstport 12913 nolearning"; echo "link set meshover0-tun${peer} up"`
      ).join("; ").replace(/^(.*)$/s, "{ $1; } | ip -batch -"),
    );
    let cured = 0;
    await until("every tunnel sending advertisements", async () => {
      const stuck = await node.frr.stuckTunnels(await node.frr.sessions());
      cured += stuck.length;
      for (const name of stuck) {
        await node.run("ip", "link", "set", name, "down");
        await new Promise((resolve) => setTimeout(resolve, 50));
        await node.run("ip", "link", "set", name, "up");
      }
      const shown = await node.run("vtysh", "-c", "show interface");
      return peers.every((peer) =>
        new RegExp(`^Interface meshover0-tun${peer} is up[^]*?advertisements sent: [1-9]`, "m")
          .test(shown)
      ) && !/advertisements sent: 0/.test(shown);
    }, 120_000);
    console.log(`${cured} cures`);
    assert.equal((await node.frr.sessions()).size, 40);
  },
});

Deno.test({
  name: "Coil's address blocks are imported from its VRF, announced, and its VRF can be taken away",
  ignore: ignore || !await hasVrf(),
  fn: async () => {
    const template = await Deno.readTextFile(
      new URL("../../../conf/frr.conf.withcoil", import.meta.url),
    );
    await using lab = await mesh();
    const [node, two] = [lab.node(1), lab.node(2)];
    await two.run("sh", "-c", "ip link add coilex type vrf table 119; ip link set coilex up");
    await two.configure(two.input([1, 3]), template);
    assert.deepEqual(await two.pending(), []);
    await two.run(
      "ip",
      "route",
      "add",
      "10.90.1.32/27",
      "dev",
      "lo",
      "table",
      "119",
      "proto",
      "30",
    );
    await until(
      "the block",
      async () => (await ways(node, "10.90.1.32/27")).join() === "meshover0-tun2",
    );
    await two.run("ip", "route", "del", "10.90.1.32/27", "table", "119");
    await until("its withdrawal", async () => (await ways(node, "10.90.1.32/27")).length === 0);
    // zebra of 8.4 and 10.3 crashes when the VRF goes while it is configured.
    await two.configure(two.input([1, 3]), TEMPLATE);
    assert.doesNotMatch(await two.frr.running() ?? "", /(bgp \d+|import) vrf/);
    await two.run("ip", "link", "del", "coilex");
    await until(
      "that nothing of it is left",
      async () => await two.frr.running() !== undefined && (await two.pending()).length === 0,
    );
    assert.equal((await two.established()).length, 2);
  },
});

async function hasVrf(): Promise<boolean> {
  if (ignore) return false;
  const name = `vrf${Deno.pid}`;
  const made = await new Deno.Command("ip", {
    args: ["link", "add", name, "type", "vrf", "table", "99119"],
    stderr: "null",
  }).output();
  if (made.success) await new Deno.Command("ip", { args: ["link", "del", name] }).output();
  else console.log(`skipped, needs the kernel's vrf: Coil in ${import.meta.url}`);
  return made.success;
}
