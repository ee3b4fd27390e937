import assert from "node:assert/strict";
import { FrrLab, until } from "./frr_lab.ts";
import { NO_FRR } from "./three_nodes.ts";

Deno.test({
  name:
    "tunnels that zebra missed the link-local address of are found and cured by taking them down and up",
  ignore: NO_FRR,
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
