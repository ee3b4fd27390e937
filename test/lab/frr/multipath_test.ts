import { until } from "./frr_lab.ts";
import { NO_FRR, threeNodes, ways } from "./three_nodes.ts";

Deno.test({
  name:
    "a prefix of two nodes is reached over both, the nearer one is preferred, and one takes over from the other",
  ignore: NO_FRR,
  fn: async () => {
    await using lab = await threeNodes();
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
