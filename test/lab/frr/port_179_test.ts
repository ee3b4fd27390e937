import assert from "node:assert/strict";
import { SystemExec } from "../../../lib/host/exec.ts";
import { FrrLab, type FrrNode, until, WAN } from "./frr_lab.ts";
import { NO_FRR } from "./three_nodes.ts";

const found = await new SystemExec().run(["sh", "-c", "command -v gobgpd"]);
const ignore = NO_FRR || found.code !== 0;
if (!NO_FRR && ignore) {
  console.log(`skipped, needs gobgpd (apt install gobgpd): ${import.meta.url}`);
}

/** A speaker such as PureLB's beside FRR: GoBGP, which is what it is made of, peering with a router outside. */
async function startSpeaker(node: FrrNode, options: { port: number }): Promise<void> {
  await Deno.writeTextFile(
    `${node.stateDir}/gobgpd.conf`,
    `[global.config]
  as = 65020
  router-id = "10.99.0.${node.number}"
  port = ${options.port}
[[neighbors]]
  [neighbors.config]
    neighbor-address = "10.99.0.3"
    peer-as = 65030
`,
  );
  const program = `gobgpd -f ${node.stateDir}/gobgpd.conf --pprof-disable`;
  await node.run("sh", "-c", `${program} >${node.stateDir}/gobgpd.log 2>&1 &`);
}

/** A router that waits for speakers to connect. */
async function startRouter(node: FrrNode): Promise<void> {
  await node.frr.ensureRunning();
  await node.frr.apply([
    "router bgp 65030",
    "no bgp ebgp-requires-policy",
    "neighbor 10.99.0.1 remote-as 65020",
    "exit",
  ]);
}

async function session(lab: FrrLab): Promise<void> {
  for (const node of [lab.node(1), lab.node(2)]) {
    await node.frr.ensureRunning();
    await node.configure(node.input([3 - node.number], WAN));
  }
  await lab.linkUp([1, 2]);
  await until("a session", async () => (await lab.node(1).established()).length === 1);
}

/** Whether GoBGP has a session with the router; one that does not answer yet has none. */
async function hasOwnSession(node: FrrNode): Promise<boolean> {
  const { stdout } = await node.exec.run(["gobgp", "neighbor"]);
  return /10\.99\.0\.3 .* Establ/.test(stdout);
}

Deno.test({
  name: "another BGP speaker of the node that does not listen on port 179 works beside FRR",
  ignore,
  fn: async () => {
    await using lab = await FrrLab.make(3);
    const [node, router] = [lab.node(1), lab.node(3)];
    await startRouter(router);
    // GoBGP that comes first would take the port, had it not been told another (-1: none).
    await startSpeaker(node, { port: -1 });
    const speaks = () => hasOwnSession(node);
    await until("the speaker's own session", speaks);
    await session(lab);
    await until("the address of node 2", () => node.pings("10.128.0.2"));
    await until("the speaker's own session still", speaks);
  },
});

Deno.test({
  name: "a speaker that holds port 179 keeps FRR from working, and the error says so",
  ignore,
  fn: async () => {
    await using lab = await FrrLab.make(1);
    const node = lab.node(1);
    await startSpeaker(node, { port: 179 });
    await until(
      "the port taken",
      async () => (await node.run("ss", "-ltnH", "sport = :179")).includes(":179"),
    );
    await node.frr.ensureRunning();
    await assert.rejects(node.configure(node.input([])), {
      name: "StateError",
      message: /bgpd is not running.*does another BGP speaker hold TCP port 179/,
    });
  },
});
