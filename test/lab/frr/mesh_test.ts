import assert from "node:assert/strict";
import { FrrLab, type FrrNode, until, whyNoFrr } from "./frr_lab.ts";

const reason = await whyNoFrr();
if (reason !== undefined) console.log(`skipped, ${reason}: ${import.meta.url}`);
const ignore = reason !== undefined;

/** Configures a node with tunnels to these peers and checks that nothing is left to do. */
async function join(node: FrrNode, peers: readonly number[]): Promise<readonly string[]> {
  // No test here is about BFD, whose default takes a machine that stalls for a dead path.
  const lines = await node.configure(node.input(peers, { bfd: "wan" }));
  assert.deepEqual(await node.pending(), []);
  return lines;
}

async function twoNodes(lab: FrrLab): Promise<void> {
  await Promise.all(lab.nodes.map((node) => node.frr.ensureRunning()));
  await join(lab.node(1), [2]);
  await join(lab.node(2), [1]);
  await lab.linkUp([1, 2]);
  await until("a session", async () => (await lab.node(1).established()).length === 1);
}

Deno.test({
  name: "nodes reach each other by IPv4 and IPv6 node address, and a third one flaps nothing",
  ignore,
  fn: async () => {
    await using lab = await FrrLab.make(3);
    await twoNodes(lab);
    await until("IPv4", () => lab.node(1).pings("10.128.0.2"));
    await until("IPv6", () => lab.node(1).pings("fd00:beef:beef:2::1"));

    assert.equal((await join(lab.node(1), [2, 3])).length, 9);
    await join(lab.node(2), [1, 3]);
    await join(lab.node(3), [1, 2]);
    await lab.linkUp([1, 3], [2, 3]);
    await until("two sessions", async () => (await lab.node(3).established()).length === 2);
    await until("IPv4 of the third", () => lab.node(1).pings("10.128.0.3"));
    await until("IPv6 of the third", () => lab.node(2).pings("fd00:beef:beef:3::1"));
    await until(
      "BFD",
      async () => (await lab.node(1).frr.bfdSessions()).get("meshover0-tun2")?.status === "up",
    );

    assert.deepEqual(await join(lab.node(1), [2]), [
      "router bgp 4200000001",
      "no neighbor meshover0-tun3 interface v6only peer-group fabric",
      "exit",
      "interface meshover0-tun3",
      "no ipv6 nd ra-interval 1",
      "ipv6 nd suppress-ra",
      "exit",
    ]);
    await until("the third by way of the second", () => lab.node(1).pings("10.128.0.3"));
    const session = (await lab.node(1).frr.sessions()).get("meshover0-tun2");
    assert.deepEqual([session?.state, session?.dropped], ["Established", 0]);
  },
});

Deno.test({
  name: "what the operator added with vtysh survives changes and removal",
  ignore,
  fn: async () => {
    await using lab = await FrrLab.make(2);
    await twoNodes(lab);
    const node = lab.node(1);
    await node.run(
      "vtysh",
      "-c",
      "configure terminal",
      "-c",
      "ip prefix-list mine permit 10.0.0.0/8",
      "-c",
      "interface meshover0-tun2",
      "-c",
      "description of the operator",
      "-c",
      "exit",
      "-c",
      "router bgp 4200000001",
      "-c",
      "neighbor 10.99.0.77 remote-as 65000",
    );
    assert.deepEqual(await node.pending(), []);
    await node.configure(node.input([2], { bfd: "lan", announceDeny: [] }));
    await node.frr.remove(node, await node.frr.running() ?? "");
    const left = await node.frr.running() ?? "";
    for (
      const line of [
        "ip prefix-list mine",
        "of the operator",
        "neighbor 10.99.0.77 remote-as 65000",
      ]
    ) {
      assert.ok(left.includes(line), `${line} is not in ${left}`);
    }
    assert.doesNotMatch(left, /fabric|route-map|meshover-|ra-interval|profile/);
  },
});

Deno.test({
  name: "remove() leaves FRR as it was found, stop() ends only what ensureRunning() started",
  ignore,
  fn: async () => {
    await using lab = await FrrLab.make(2);
    const node = lab.node(2);
    await node.run(
      "sh",
      "-c",
      "chown frr:frr /run/frr /etc/frr; /usr/lib/frr/zebra -d -P 0 >/dev/null 2>&1",
    );
    assert.deepEqual(await node.frr.ensureRunning(), { started: true });
    assert.deepEqual(await node.frr.ensureRunning(), { started: false });
    const before = await node.frr.running();
    await node.configure(node.input([1]));
    await node.frr.remove(node, await node.frr.running() ?? "");
    assert.equal((await node.frr.running())?.replace("bfd\n", ""), before);
    await node.frr.stop();
    assert.equal((await node.run("vtysh", "-c", "show daemons")).trim(), "zebra");
  },
});

Deno.test({
  name: "daemons that died are started again and get the whole configuration",
  ignore,
  fn: async () => {
    await using lab = await FrrLab.make(2);
    await twoNodes(lab);
    const node = lab.node(1);
    await node.run("sh", "-c", "kill -9 $(cat /run/frr/bgpd.pid)");
    await until("bgpd gone", async () => await node.frr.running() === undefined);
    assert.deepEqual(await node.frr.ensureRunning(), { started: true });
    assert.notDeepEqual(await node.pending(), []);
    await join(node, [2]);
    await until("the session again", async () => (await node.established()).length === 1);
    await until("the address again", () => node.pings("10.128.0.2"));
  },
});
