import assert from "node:assert/strict";
import type { MeshView, NodeState, NodeView } from "../../lib/model/mesh_view.ts";
import { headline } from "../../ui/headline.ts";

function mesh(states: NodeState[], change: Partial<MeshView> = {}): MeshView {
  const nodes = states.map((state, i) =>
    ({ number: i + 1, name: `n${i + 1}`, state, failed: 0 }) as NodeView
  );
  return { revision: 1, nodes, faults: [], faultCount: 0, pairs: null, ...change };
}

Deno.test("headline() says in a sentence whether the network is well", () => {
  const title = (view: MeshView) => headline(view).title;
  assert.equal(title(mesh([])), "No nodes yet");
  assert.equal(title(mesh(["well", "well"])), "All 2 nodes are well");
  assert.equal(title(mesh(["well", "silent"])), "n2 is silent");
  assert.equal(title(mesh(["silent", "silent", "well"])), "2 of 3 nodes are silent");
  assert.equal(title(mesh(["trouble", "trouble"], { faultCount: 1 })), "1 link is not well");
  assert.equal(title(mesh(["unheard", "unheard"])), "Waiting for the nodes to tell");
});

Deno.test("headline() never calls a mesh well of which something was not heard", () => {
  assert.equal(headline(mesh(["well", "unheard"])).tone, "silent");
  assert.equal(
    headline(mesh(["silent", "trouble"], { faultCount: 3 })).detail,
    "3 links are not well.",
  );
});
