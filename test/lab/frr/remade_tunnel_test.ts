import assert from "node:assert/strict";
import { forgetLines } from "../../../lib/plan/frr_forget.ts";
import { FrrLab, until } from "./frr_lab.ts";
import { NO_FRR } from "./three_nodes.ts";

Deno.test({
  name: "a tunnel that was deleted and made anew gets its session again once FRR has forgotten it",
  ignore: NO_FRR,
  fn: async () => {
    await using lab = await FrrLab.make(2);
    const [one, two] = [lab.node(1), lab.node(2)];
    // As the agent's tunnels have them; with another link-local address FRR would see another peer.
    const setMac = () => one.run("ip", "link", "set", tunnel, "address", "02:00:00:00:00:01");
    const tunnel = "meshover0-tun2";
    await setMac();
    for (const [node, peer] of [[one, 2], [two, 1]] as const) {
      await node.frr.ensureRunning();
      await node.configure(node.input([peer]));
    }
    await lab.linkUp([1, 2]);
    await until("a session", async () => (await one.established()).length === 1);
    await one.run("ip", "link", "del", tunnel);
    await until("its end", async () => (await two.established()).length === 0);
    const lines = forgetLines(await one.frr.running() ?? "", [tunnel]);
    assert.equal(lines.length, 3);
    await one.frr.apply(lines);
    await lab.addTunnel(one, two);
    await setMac();
    await one.frr.waitUntilSeen([tunnel]);
    await one.configure(one.input([2]));
    await one.run("ip", "link", "set", tunnel, "up");
    await until("the session again", async () => (await one.established()).length === 1);
    await until("an answer", () => two.pings("10.128.0.1"));
  },
});
