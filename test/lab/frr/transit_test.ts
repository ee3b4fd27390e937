import assert from "node:assert/strict";
import { FrrLab, until } from "./frr_lab.ts";
import { NO_FRR, ways } from "./three_nodes.ts";

Deno.test({
  name: "nodes that cannot reach each other directly reach each other through one that both reach",
  ignore: NO_FRR,
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
