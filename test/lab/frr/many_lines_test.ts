import assert from "node:assert/strict";
import { parseAsn } from "../../../lib/model/asn.ts";
import { parsePrefix } from "../../../lib/model/prefix.ts";
import type { FrrOrigin } from "../../../lib/plan/frr_origin.ts";
import { FrrLab } from "./frr_lab.ts";
import { NO_FRR } from "./three_nodes.ts";

/** Nodes of a mesh, beside the first. */
const NODES = 80;

function origin(number: number): FrrOrigin {
  const addresses = [`10.129.${number}.1/32`, `fd00:beef:beef:${number}::/64`].map(parsePrefix);
  return { number, asn: parseAsn(String(4_200_000_000 + number)), addresses };
}

Deno.test({
  name: "a configuration of hundreds of lines is taken whole, and taken out again",
  ignore: NO_FRR,
  fn: async () => {
    await using lab = await FrrLab.make(1);
    const node = lab.node(1);
    await node.frr.ensureRunning();
    const lists = async () =>
      ((await node.frr.running())!.match(/^ip(v6)? prefix-list meshover-at-/gm) ?? []).length;
    const mesh = (count: number) => {
      const origins = Array.from({ length: count }, (_, i) => origin(i + 2));
      return node.input([], { trust: { mode: "open", origins, decisions: [] } });
    };
    const lines = await node.configure(mesh(NODES));
    assert.ok(lines.length > 500, `${lines.length} lines`);
    assert.deepEqual(await node.pending(), []);
    // Each node's two addresses are in the lists of two digits of its number.
    assert.equal(await lists(), NODES * 2 * 2);
    await node.configure(mesh(0));
    assert.deepEqual(await node.pending(), []);
    assert.equal(await lists(), 0);
  },
});
