import assert from "node:assert/strict";
import { TEMPLATE, until } from "./frr_lab.ts";
import { NO_FRR, threeNodes, ways } from "./three_nodes.ts";

Deno.test({
  name: "Coil's address blocks are imported from its VRF, announced, and its VRF can be taken away",
  ignore: NO_FRR || !await hasVrf(),
  fn: async () => {
    const template = await Deno.readTextFile(
      new URL("../../../conf/frr.conf.withcoil", import.meta.url),
    );
    await using lab = await threeNodes();
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
  if (NO_FRR) return false;
  const name = `vrf${Deno.pid}`;
  const made = await new Deno.Command("ip", {
    args: ["link", "add", name, "type", "vrf", "table", "99119"],
    stderr: "null",
  }).output();
  if (made.success) await new Deno.Command("ip", { args: ["link", "del", name] }).output();
  else console.log(`skipped, needs the kernel's vrf: Coil in ${import.meta.url}`);
  return made.success;
}
