import assert from "node:assert/strict";
import type { MeshView, NodeView } from "../../lib/model/mesh_view.ts";
import { packPairs } from "../../lib/plan/pair_bits.ts";
import { groupNodes } from "../../ui/group_nodes.ts";
import { pictureOf } from "../../ui/picture_model.ts";
import { placesOf } from "../../ui/picture_places.ts";

function node(number: number, name: string, change: Partial<NodeView> = {}): NodeView {
  return {
    number,
    name,
    asn: 4_200_000_000 + number,
    addresses: [`10.128.0.${number}/32`],
    version: "0.1.0",
    state: "well",
    since: null,
    peers: 2,
    handshakes: 2,
    sessions: 2,
    accepted: 4,
    failed: 0,
    ...change,
  };
}

function view(nodes: NodeView[], change: Partial<MeshView> = {}): MeshView {
  return { revision: 1, nodes, faults: [], faultCount: 0, pairs: null, ...change };
}

Deno.test("pictureOf() draws every pair with a tunnel, and what is wrong apart", () => {
  const nodes = [
    node(1, "a.example.net"),
    node(4, "b.example.net"),
    node(9, "c.example.net", { state: "silent" }),
  ];
  const pairs = packPairs([1, 4, 9], () => [1, 4, 9]);
  const fault = { a: 1, b: 4, fault: "bgp-down" as const, by: [1], word: "Idle", since: "" };
  const picture = pictureOf(view(nodes, { pairs, faults: [fault], faultCount: 1 }), undefined);
  assert.deepEqual(picture.dots.map((dot) => dot.label), ["a", "b", "c"]);
  assert.equal(picture.dots[0]!.words, "a.example.net: well, 1 link with BGP down");
  assert.deepEqual(picture.well, []);
  assert.deepEqual(picture.faults.map(({ a, b, fault }) => [a, b, fault]), [
    [0, 1, "bgp-down"],
    [0, 2, "silent"],
    [1, 2, "silent"],
  ]);
});

Deno.test("pictureOf() draws 5,000 nodes as groups, and one of them when it is opened", () => {
  const nodes = Array.from(
    { length: 5_000 },
    (_, i) => node(i + 1, `n${i}.site${i % 50}.example.net`),
  );
  const faults = [
    { a: 1, b: 2, fault: "bgp-down" as const, by: [1], word: "Idle", since: "" },
    { a: 51, b: 2, fault: "no-handshake" as const, by: [2], word: "never", since: "" },
  ];
  const all = pictureOf(view(nodes, { faults, faultCount: 2 }), undefined);
  assert.equal(all.grouped, true);
  assert.equal(all.dots.length, 50);
  assert.deepEqual(all.faults, [{ a: 0, b: 1, fault: "no-handshake", size: 2 }]);
  const one = pictureOf(view(nodes), "site7.example.net");
  assert.equal(one.dots.length, 100);
});

Deno.test("groupNodes() goes by what names tell, else by number", () => {
  const groups = (names: string[]) =>
    groupNodes(names.map((name, i) => node(i + 1, name))).map((g) => g.name);
  assert.deepEqual(groups(["a.x.net", "b.x.net", "c.y.net"]), ["x.net", "y.net"]);
  assert.deepEqual(groups(["web-1", "web-2", "db-1"]), ["db", "web"]);
  assert.deepEqual(groups(["web1", "web2", "db1"]), ["db", "web"]);
  const same = Array.from({ length: 250 }, (_, i) => `n${i}`);
  assert.deepEqual(groups(same), ["nodes 1–100", "nodes 101–200", "nodes 201–300"]);
});

Deno.test("placesOf() keeps every dot inside the picture", () => {
  for (const n of [1, 2, 3, 9, 28, 60, 200]) {
    for (const size of [{ width: 330, height: 300 }, { width: 1100, height: 620 }]) {
      const picture = pictureOf(
        view(Array.from({ length: n }, (_, i) => node(i + 1, `node-${i}`))),
        undefined,
      );
      for (const { x, y, r } of placesOf(picture.dots, size)) {
        assert.ok(x - r >= 0 && x + r <= size.width, `${n} in ${size.width}: ${x}`);
        assert.ok(y - r >= 0 && y + r <= size.height, `${n} in ${size.height}: ${y}`);
      }
    }
  }
});
