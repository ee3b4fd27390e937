import assert from "node:assert/strict";
import { type KernelRoute, networksUnseen } from "../../../lib/plan/frr_networks.ts";
import { until } from "./frr_lab.ts";
import { NO_FRR, threeNodes, ways } from "./three_nodes.ts";

Deno.test({
  name: "routes that FRR does not see, as Cilium makes them, are announced and withdrawn",
  ignore: NO_FRR,
  fn: async () => {
    await using lab = await threeNodes();
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
