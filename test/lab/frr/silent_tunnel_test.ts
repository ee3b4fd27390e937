import assert from "node:assert/strict";
import { type FrrNode, until } from "./frr_lab.ts";
import { NO_FRR, threeNodes, ways } from "./three_nodes.ts";

const decoder = new TextDecoder();

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
  ignore: NO_FRR,
  fn: async () => {
    await using lab = await threeNodes();
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
