import assert from "node:assert/strict";
import { BFD_TIMERS, type BfdProfileName } from "../../../lib/plan/frr_conf.ts";
import { FrrLab, type FrrNode, until } from "./frr_lab.ts";
import { Stalls } from "./stalls.ts";
import { NO_FRR } from "./three_nodes.ts";

/** A third of the time after which `lan` gives a path up, milliseconds: with it BFD itself may be to blame for a loss. */
const STALL_MS = 300;
/** How often a loss is put down to a machine that stalled before nothing is asserted. */
const TURNS = 3;

async function takeOver(lab: FrrLab, bfd: BfdProfileName): Promise<void> {
  for (const node of lab.nodes) {
    await node.configure(node.input([3 - node.number], { bfd }));
    assert.deepEqual(await node.pending(), []);
  }
  await until(`BFD ${bfd}`, async () => {
    const sessions = await Promise.all(lab.nodes.map(bfdOf));
    if (bfd === "off") return sessions.every((one) => one === undefined);
    const { intervalMs, multiplier } = BFD_TIMERS[bfd];
    return sessions.every((one) =>
      one?.status === "up" && one.intervalMs === intervalMs && one.multiplier === multiplier
    );
  });
}

async function bfdOf(node: FrrNode) {
  return (await node.frr.bfdSessions()).get(`meshover0-tun${3 - node.number}`);
}

/** How often the session of node 1 was lost. */
async function drops(lab: FrrLab): Promise<number> {
  const session = (await lab.node(1).frr.sessions()).get("meshover0-tun2");
  return session?.dropped ?? 0;
}

async function withBfd(bfd: BfdProfileName): Promise<FrrLab> {
  const lab = await FrrLab.make(2);
  for (const node of lab.nodes) {
    await node.frr.ensureRunning();
    await node.configure(node.input([3 - node.number], { bfd }));
  }
  await lab.linkUp([1, 2]);
  await until("a session", async () => (await lab.node(1).established()).length === 1);
  await takeOver(lab, bfd);
  return lab;
}

/**
 * Plays what tells how often a session was lost, which must be at most `most`. Where the machine stalled meanwhile a loss tells
 * nothing, and it is played again.
 */
async function losesAtMost(most: number, play: () => Promise<number>): Promise<void> {
  for (let turn = 1; turn <= TURNS; turn++) {
    using stalls = new Stalls();
    const lost = await play();
    if (lost <= most) return;
    const { worstMs } = stalls;
    assert.ok(worstMs < STALL_MS, `${lost} sessions were lost`);
    console.log(`${lost} sessions were lost, but the machine stalled for ${worstMs} ms`);
  }
}

Deno.test({
  name: "lan and wan are taken over from each other, and from off, without losing the session",
  ignore: NO_FRR,
  fn: async () => {
    await losesAtMost(0, async () => {
      await using lab = await withBfd("off");
      for (const bfd of ["lan", "wan", "lan"] as const) await takeOver(lab, bfd);
      return await drops(lab);
    });
  },
});

Deno.test({
  name: "switching BFD off costs the session once, because the peer takes it for a dead path",
  ignore: NO_FRR,
  fn: async () => {
    await losesAtMost(1, async () => {
      await using lab = await withBfd("lan");
      await takeOver(lab, "off");
      await until("the session again", async () => (await lab.node(1).established()).length === 1);
      await until("the address again", () => lab.node(1).pings("10.128.0.2"));
      return await drops(lab);
    });
  },
});
