import assert from "node:assert/strict";
import { until } from "./frr_lab.ts";
import { NO_FRR, threeNodes } from "./three_nodes.ts";

Deno.test({
  name: "a peer that sends too many prefixes loses its session and its routes",
  ignore: NO_FRR,
  fn: async () => {
    await using lab = await threeNodes({ 1: { maximumPrefix: 10 } });
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
    // bgpd tells zebra a moment after it has ended the session.
    await until(
      "the end of its routes",
      async () => !/dev meshover0-tun2/.test(await node.run("ip", "route", "show", "proto", "bgp")),
    );
    assert.equal((await node.frr.sessions()).get("meshover0-tun2")?.state, "Idle (PfxCt)");
  },
});
