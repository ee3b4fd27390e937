import assert from "node:assert/strict";
import { FrrLab, until, whyNoFrr } from "./frr_lab.ts";

const reason = await whyNoFrr();
if (reason !== undefined) console.log(`skipped, ${reason}: ${import.meta.url}`);
const ignore = reason !== undefined;

Deno.test({
  name:
    "a vtysh that stays answers as a new one does, and notices a daemon that ends and one that is back",
  ignore,
  fn: async () => {
    await using lab = await FrrLab.make(1);
    const node = lab.nodes[0]!;
    const closing = new AbortController();
    const look = () => node.frr.look();
    const whole = async () => {
      const seen = await look();
      assert.ok(seen !== undefined, "FRR answers");
      return seen.running;
    };
    await node.frr.ensureRunning();
    const before = await whole();
    node.frr.keepShell(closing.signal);
    try {
      const started = () => node.exec.count!;
      assert.equal(await whole(), before);
      const programs = started();
      for (let i = 0; i < 5; i++) assert.equal(await whole(), before);
      assert.deepEqual(await node.frr.refused(["a-tunnel-that-is-not-there"], 1), []);
      assert.equal(started(), programs, "no program was started for that");

      await node.frr.apply(["router bgp 65001", "bgp router-id 10.0.0.1", "exit"]);
      assert.match(await whole(), /^router bgp 65001$/m);

      const pid = (await node.run("cat", "/run/frr/bgpd.pid")).trim();
      await node.run("kill", pid);
      await until("bgpd is missed", async () => await look() === undefined);
      assert.deepEqual(await node.frr.ensureRunning(), { started: true });
      assert.doesNotMatch(await whole(), /router bgp/);
      assert.deepEqual([...(await node.frr.sessions()).keys()], []);
    } finally {
      closing.abort();
    }
  },
});
