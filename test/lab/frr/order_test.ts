import assert from "node:assert/strict";
import { FrrLab, until } from "./frr_lab.ts";
import { NO_FRR } from "./three_nodes.ts";

/** With its configuration there first, 2 s are usual; FRR that learns of a tunnel afterwards took 8 to 9. */
Deno.test({
  name: "a tunnel that comes up after FRR was told of it carries IPv4 and IPv6 within seconds",
  ignore: NO_FRR,
  fn: async () => {
    await using lab = await FrrLab.make(2);
    await Promise.all(lab.nodes.map((node) => node.frr.ensureRunning()));
    for (const node of lab.nodes) await node.configure(node.input([3 - node.number]));
    const start = performance.now();
    await lab.linkUp([1, 2]);
    await until("IPv4", () => lab.node(1).pings("10.128.0.2"));
    await until("IPv6", () => lab.node(1).pings("fd00:beef:beef:2::1"));
    const tookMs = performance.now() - start;
    console.log(`carries after ${Math.round(tookMs)} ms`);
    // Generous, because emulated and busy machines are slow; a session that never comes up by itself takes for ever.
    assert.ok(tookMs < 30_000, `${tookMs} ms`);
  },
});
