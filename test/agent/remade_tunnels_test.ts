import assert from "node:assert/strict";
import type { Applied } from "../../lib/agent/apply.ts";
import type { Plan } from "../../lib/agent/node.ts";
import { RemadeTunnels } from "../../lib/agent/remade_tunnels.ts";
import type { Change } from "../../lib/plan/change.ts";

const NEIGHBOUR = "neighbor meshover0-tun2 interface peer-group fabric";
const FORGETS = ["router bgp 4200000001", `no ${NEIGHBOUR}`, "exit"];
const KNOWS = `router bgp 4200000001\n ${NEIGHBOUR}\nexit\n`;

const add = { kind: "link.add", link: { name: "meshover0-tun2" } } as unknown as Change;

/** A plan that makes the tunnel, where FRR has this configuration. */
function planning(text: string): Plan {
  return { changes: [add], observation: { state: { frr: { text } } } } as unknown as Plan;
}

const made: Applied = { done: [add], failed: [], writes: 1 };
const notMade: Applied = { done: [], failed: [{ change: add, error: "no" }], writes: 1 };

Deno.test("FRR forgets a neighbour before its tunnel is made anew, and not after", () => {
  const remade = new RemadeTunnels();
  assert.deepEqual(remade.before(planning(KNOWS)), FORGETS);
  assert.deepEqual(remade.after(planning(KNOWS), made), []);
  assert.deepEqual(remade.before(planning("")), [], "a new peer");
});

Deno.test("a neighbour is not forgotten at every try while its tunnel cannot be made, but once it could", () => {
  const remade = new RemadeTunnels();
  assert.deepEqual(remade.before(planning(KNOWS)), FORGETS);
  for (let i = 0; i < 3; i++) {
    assert.deepEqual(remade.after(planning(KNOWS), notMade), []);
    assert.deepEqual(remade.before(planning(KNOWS)), []);
  }
  assert.deepEqual(remade.after(planning(KNOWS), made), FORGETS);
  assert.deepEqual(remade.before(planning(KNOWS)), FORGETS, "it is gone again");
});
