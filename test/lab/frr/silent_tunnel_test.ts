import assert from "node:assert/strict";
import { eachLine } from "../each_line.ts";
import { type FrrNode, until } from "./frr_lab.ts";
import { NO_FRR, threeNodes, ways } from "./three_nodes.ts";

/** Pings every 50 ms until it is disposed of. */
class Pings implements AsyncDisposable {
  /** When answers came, seconds. */
  readonly #times: number[] = [];
  readonly #pinging: Promise<void>;
  #child: Deno.ChildProcess | undefined;
  #over = false;

  constructor(node: FrrNode, address: string) {
    this.#pinging = this.#ping(node.enter("ping", "-D", "-n", "-i", "0.05", address));
  }

  /** Answers so far. */
  get answers(): number {
    return this.#times.length;
  }

  /** The longest time between two answers, seconds. */
  get longestGap(): number {
    return Math.max(...this.#times.slice(1).map((time, index) => time - this.#times[index]!));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    this.#child?.kill("SIGINT");
    await this.#pinging;
  }

  /** ping ends at once when there is no route in the moment it starts; then it is started again. */
  async #ping([program, ...args]: readonly string[]): Promise<void> {
    while (!this.#over) {
      const child = new Deno.Command(program!, { args, stdout: "piped", stderr: "null" }).spawn();
      this.#child = child;
      await eachLine(child.stdout, (line) => {
        const time = /^\[([\d.]+)\].*bytes from/.exec(line)?.[1];
        if (time !== undefined) this.#times.push(Number(time));
      });
      await child.status;
      this.#child = undefined;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
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
    await using pings = new Pings(node, "10.128.0.2");
    await until("some answers", () => Promise.resolve(pings.answers >= 10));
    await lab.node(2).run(
      "nft",
      "add table inet lab; add chain inet lab in { type filter hook prerouting priority -300; }; " +
        "add rule inet lab in ip saddr 10.99.0.1 udp dport 12913 drop",
    );
    await until(
      "the way through the third",
      async () => (await ways(node, "10.128.0.2/32")).join() === "meshover0-tun3",
    );
    const { answers } = pings;
    await until("answers that way", () => Promise.resolve(pings.answers >= answers + 10));
    const gap = pings.longestGap;
    console.log(`longest gap ${gap.toFixed(2)} s`);
    assert.ok(gap > 0.3 && gap < 20, `${gap} s`);
    await lab.node(2).run("nft", "delete", "table", "inet", "lab");
    await until(
      "the direct way again",
      async () => (await ways(node, "10.128.0.2/32")).join() === "meshover0-tun2",
    );
  },
});
