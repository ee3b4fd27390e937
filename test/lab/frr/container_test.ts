import assert from "node:assert/strict";
import { type ContainerEngine, Engine } from "../../../lib/host/container.ts";
import { FrrContainer } from "../../../lib/host/frr_container.ts";
import { startEngine, whyNoEngine } from "./engine_lab.ts";
import { FrrLab, type FrrNode, until, WAN, whyNoFrr } from "./frr_lab.ts";

const noFrr = await whyNoFrr();

function containerOf(
  node: FrrNode,
  engine: ContainerEngine,
  options: { image?: string; log?: string[] } = {},
) {
  return new FrrContainer({
    engine,
    exec: node.exec,
    node: "n1",
    configDir: `${node.stateDir}/frr`,
    image: options.image ?? "localhost/frr-lab:1",
    log: (line) => options.log?.push(line),
  });
}

async function session(lab: FrrLab): Promise<void> {
  const node = lab.node(1);
  await node.configure(node.input([2], WAN));
  assert.deepEqual(await node.pending(), []);
  await until("a session", async () => (await node.established()).length === 1);
  await until("the other's address", () => node.pings("10.128.0.2"));
}

for (const name of ["podman", "docker", "nerdctl"] as const) {
  const reason = noFrr ?? await whyNoEngine(name);
  if (reason !== undefined) console.log(`skipped for ${name}, ${reason}: ${import.meta.url}`);
  Deno.test({
    name:
      `FRR in a container of ${name} outlives the agent, is found again, revived, replaced and removed`,
    ignore: reason !== undefined,
    fn: async (t) => {
      await using lab = await FrrLab.make(2);
      const [node, other] = [lab.node(1), lab.node(2)];
      await startEngine(node, name);
      const engine = new Engine({ engine: name, exec: node.exec, log: () => {} });
      const find = () => engine.find("n1");
      await other.frr.ensureRunning();
      await other.configure(other.input([1], WAN));

      await t.step("it starts from an image that is loaded, without pulling", async () => {
        const log: string[] = [];
        node.frr = node.frrOf(containerOf(node, name, { log }));
        assert.deepEqual(await node.frr.ensureRunning(), { started: true });
        assert.deepEqual(log, []);
        await node.configure(node.input([2], WAN));
        await lab.linkUp([1, 2]);
        await session(lab);
      });
      const [first] = await find();
      await t.step("another agent finds it by its label and leaves it alone", async () => {
        const again = containerOf(node, name);
        node.frr = node.frrOf(again);
        assert.deepEqual(await node.frr.ensureRunning(), { started: false });
        assert.deepEqual(await find(), [first]);
        assert.equal((await node.frr.sessions()).get("meshover0-tun2")?.dropped, 0);
      });
      await t.step("a container that was ended is started again", async () => {
        await node.run(name, "stop", "-t", "1", first!.id);
        assert.equal(await node.frr.running(), undefined);
        assert.deepEqual(await node.frr.ensureRunning(), { started: true });
        assert.equal((await find())[0]!.id, first!.id);
        await session(lab);
      });
      await t.step("another image replaces it", async () => {
        await node.run(name, "tag", "localhost/frr-lab:1", "localhost/frr-lab:2");
        const newer = containerOf(node, name, { image: "localhost/frr-lab:2" });
        assert.deepEqual(await newer.ensureRunning(), { started: true });
        const found = await find();
        assert.equal(found.length, 1);
        assert.notEqual(found[0]!.id, first!.id);
        node.frr = node.frrOf(newer);
        await session(lab);
      });
      await t.step(
        "an image that cannot be had leaves the container running and says what to do",
        async () => {
          const log: string[] = [];
          const none = containerOf(node, name, { image: "localhost/none:1", log });
          assert.deepEqual(await none.ensureRunning(), { started: false });
          assert.match(log.at(-1)!, /the old container goes on: .*load it first.*--frr-image/);
          assert.equal((await find())[0]!.running, true);
          // A machine that stalls for longer than BFD allows makes the session begin anew.
          await until("a session", async () => (await node.established()).length === 1);
        },
      );
      await t.step("FRR's refusal comes through with its line", async () => {
        await assert.rejects(node.frr.check("router bgp 1\n frob\n"), {
          message: /in line 2: Unknown command.*frob/,
        });
      });
      await t.step("it is removed with its files", async () => {
        await node.frr.stop();
        assert.deepEqual(await find(), []);
        await assert.rejects(Deno.stat(`${node.stateDir}/frr`), Deno.errors.NotFound);
      });
    },
  });
}
