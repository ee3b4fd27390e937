import assert from "node:assert/strict";
import { SystemExec } from "../../../lib/host/exec.ts";
import { messageOf } from "../../../lib/model/errors.ts";
import { FrrLab, type FrrNode, until, WAN } from "./frr_lab.ts";
import { NO_FRR } from "./three_nodes.ts";

const root = Deno.env.get("MESHOVER_LAB_ROOT") ?? "";
const found = await new SystemExec().run(["test", "-x", `${root}/usr/lib/frr/mgmtd`]);
const ignore = NO_FRR || found.code !== 0;
if (!NO_FRR && ignore) console.log(`skipped, needs FRR 9 or newer: ${import.meta.url}`);

/** Lines that mgmtd asks zebra about, one after the other: the first is none that FRR is given in parts. */
const MANY = [
  "ip nht resolve-via-default",
  ...Array.from({ length: 190 }, (_, i) => `ip prefix-list many permit 10.150.${i}.0/24`),
];

async function pairOf(lab: FrrLab): Promise<[FrrNode, FrrNode]> {
  const [one, two] = [lab.node(1), lab.node(2)];
  for (const [node, peer] of [[one, 2], [two, 1]] as const) {
    await node.frr.ensureRunning();
    await node.configure(node.input([peer], WAN));
  }
  await lab.linkUp([1, 2]);
  await until("a session", async () => (await one.established()).length === 1);
  return [one, two];
}

async function dropped(node: FrrNode): Promise<number[]> {
  return [...(await node.frr.sessions()).values()].map((session) => session.dropped);
}

/** Brings a node's FRR to what it was told before, as the agent's next turns do. */
async function mend(node: FrrNode): Promise<void> {
  await until("the configuration whole", async () => {
    if (await node.frr.running() === undefined) await node.frr.ensureRunning();
    try {
      await node.configure(node.input([3 - node.number], WAN));
    } catch {
      return false;
    }
    return (await node.pending()).length === 0;
  });
}

Deno.test({
  name: "an mgmtd that died is started again and told everything; no session is lost by it",
  ignore,
  fn: async () => {
    await using lab = await FrrLab.make(2);
    const [node] = await pairOf(lab);
    const before = await dropped(node);
    await node.run("sh", "-c", "kill -9 $(cat /run/frr/mgmtd.pid)");
    await until("its absence noticed", async () => await node.frr.running() === undefined);
    await mend(node);
    assert.match(await node.run("vtysh", "-c", "show running-config mgmtd"), /meshover-never/);
    assert.deepEqual(await dropped(node), before);
    await until("an answer", () => node.pings("10.128.0.2"));
  },
});

Deno.test({
  name: "an mgmtd that zebra left in the middle of a change is started anew and takes the change",
  ignore,
  fn: async () => {
    await using lab = await FrrLab.make(2);
    const [node] = await pairOf(lab);
    // Whether zebra dies while mgmtd waits for it is a matter of luck, most of the time it does.
    let said = "";
    for (let turn = 0; turn < 20 && !/mgmtd/.test(said); turn++) {
      const applying = node.frr.apply(MANY).catch((error) => said = messageOf(error));
      await new Promise((resolve) => setTimeout(resolve, 100 + 20 * turn));
      await node.exec.run(["sh", "-c", "kill -9 $(cat /run/frr/zebra.pid)"]);
      await applying;
      await mend(node);
    }
    assert.match(said, /its mgmtd was stuck and was started anew$/);
    await until("the session again", async () => (await node.established()).length === 1);
    await until("an answer", () => node.pings("10.128.0.2"));
  },
});
