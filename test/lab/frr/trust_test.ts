import assert from "node:assert/strict";
import type { RouteDecision, RouteMode } from "../../../lib/model/route_policy.ts";
import { parseAsn } from "../../../lib/model/asn.ts";
import { parsePrefix } from "../../../lib/model/prefix.ts";
import type { FrrInput } from "../../../lib/plan/frr_conf.ts";
import { type FrrNode, TEMPLATE, until } from "./frr_lab.ts";
import { addLan, NO_FRR, threeNodes, ways } from "./three_nodes.ts";

function decision(
  prefix: string,
  verdict: RouteDecision["verdict"],
  node: number | null,
): RouteDecision {
  return { prefix: parsePrefix(prefix), verdict, node };
}

/** Nodes of the mesh; of those after the third only the addresses are known. */
const NUMBERS = Array.from({ length: 70 }, (_, i) => i + 1);

/** What node `self` of three is told of the others; BFD is patient, as a machine that stalls must not cost a session. */
function trust(
  self: number,
  mode: RouteMode,
  ...decisions: RouteDecision[]
): Required<Pick<FrrInput, "trust" | "bfd">> {
  const others = NUMBERS.filter((number) => number !== self);
  const origins = others.map((number) => ({
    number,
    asn: parseAsn(String(4_200_000_000 + number)),
    addresses: [`10.128.0.${number}/32`, `fd00:beef:beef:${number}::/64`].map(parsePrefix),
  }));
  return { trust: { mode, origins, decisions }, bfd: "wan" };
}

async function announce(node: FrrNode, ...routes: string[]): Promise<void> {
  await addLan(node);
  for (const route of routes) {
    const family = route.includes(":") ? "-6" : "-4";
    await node.run("ip", family, "route", "add", route, "dev", "lan");
  }
}

/** Waits until a node tells that it refused all these prefixes: they come one after the other, the last of them late. */
async function untilRefused(
  node: FrrNode,
  from: { readonly peers: readonly number[]; readonly prefixes: readonly string[] },
): Promise<void> {
  const tunnels = from.peers.map((peer) => `meshover0-tun${peer}`);
  await until(`${from.prefixes.join(", ")} told as refused`, async () => {
    const told = await node.frr.refused(tunnels, 4_200_000_000 + node.number);
    return from.prefixes.every((prefix) => told.some((one) => one.prefix === prefix));
  });
}

/** Lets anything out, as somebody would write it who means harm; what the node believes is up to its own guard. */
const HARMFUL = TEMPLATE
  .replaceAll(/ neighbor fabric route-map meshover-announce out\n/g, "")
  .replaceAll(" route-map meshover-announce\n", "\n")
  .replaceAll(" route-map meshover-connected\n", "\n");

Deno.test({
  name: "in approve mode a node gets only its own addresses and approved prefixes to others",
  ignore: NO_FRR,
  fn: async () => {
    await using lab = await threeNodes({
      1: trust(1, "approve", decision("10.70.0.0/16", "approved", 2)),
    });
    const [node, two, three] = [lab.node(1), lab.node(2), lab.node(3)];
    await announce(two, "10.70.1.0/24", "10.71.0.0/24");
    await announce(three, "10.70.2.0/24", "10.72.0.0/24", "fd00:72::/64");
    const leads = async (prefix: string) => (await ways(node, prefix)).join();
    await until("what is approved", async () => await leads("10.70.1.0/24") === "meshover0-tun2");
    await until(
      "that node 2 hears node 3",
      async () => (await ways(two, "10.72.0.0/24")).length === 1,
    );
    const waiting = ["10.71.0.0/24", "10.70.2.0/24", "10.72.0.0/24", "fd00:72::/64"];
    for (const refused of waiting) assert.equal(await leads(refused), "", refused);
    assert.equal(await leads("10.128.0.2/32"), "meshover0-tun2");
    assert.equal(await leads("fd00:beef:beef:3::/64"), "meshover0-tun3");
    await untilRefused(node, { peers: [2, 3], prefixes: waiting });

    await node.configure(
      node.input([2, 3], trust(1, "approve", decision("10.72.0.0/16", "approved", null))),
    );
    assert.deepEqual(await node.pending(), []);
    await until("what is approved now", async () => await leads("10.72.0.0/24") !== "");
    await until("the end of what was", async () => await leads("10.70.1.0/24") === "");
    await node.configure(
      node.input([2, 3], trust(1, "open", decision("10.72.0.0/16", "denied", 3))),
    );
    assert.deepEqual(await node.pending(), []);
    await until("what is open now", async () => await leads("10.71.0.0/24") !== "");
    await until("the end of what is denied", async () => await leads("10.72.0.0/24") === "");
    const dropped = [...(await node.frr.sessions()).values()].map((one) => one.dropped);
    assert.deepEqual(dropped, [0, 0]);
  },
});

Deno.test({
  name: "a node that announces another's address, a default route or a bogon never wins",
  ignore: NO_FRR,
  fn: async () => {
    await using lab = await threeNodes({ 1: trust(1, "open"), 2: trust(2, "open") });
    const [node, two, three] = [lab.node(1), lab.node(2), lab.node(3)];
    const leads = async (prefix: string) => (await ways(node, prefix)).join();
    await until("the owner's way", async () => await leads("10.128.0.2/32") === "meshover0-tun2");
    const stolen = [
      "10.128.0.2/32",
      "10.128.0.1/32",
      "fd00:beef:beef:2::/64",
      "fd00:beef:beef:2::7/128",
      // Their numbers differ from the thief's in one of two digits only.
      "10.128.0.4/32",
      "fd00:beef:beef:35::/64",
    ];
    const never = ["0.0.0.0/0", "::/0", "0.0.0.0/1", "169.254.9.0/24"];
    const harmless = "10.70.3.0/24";
    await three.configure(
      three.input([1, 2], { networks: [...stolen, ...never, harmless].map(parsePrefix) }),
      HARMFUL,
    );
    await until("that node 3 is heard", async () => await leads(harmless) === "meshover0-tun3");
    await untilRefused(node, { peers: [3], prefixes: [...stolen, ...never] });
    assert.equal(await leads("10.128.0.2/32"), "meshover0-tun2");
    assert.equal(await leads("fd00:beef:beef:2::/64"), "meshover0-tun2");
    const nobodysHere = ["10.128.0.1/32", "10.128.0.4/32", "fd00:beef:beef:35::/64"];
    for (const prefix of [...nobodysHere, "fd00:beef:beef:2::7/128", ...never]) {
      assert.equal(await leads(prefix), "", prefix);
    }
    // When the owner is out of reach, its address leads nowhere rather than to the thief.
    await node.run("ip", "link", "set", "meshover0-tun2", "down");
    await two.run("ip", "link", "set", "meshover0-tun3", "down");
    await until("the end of the way", async () => await leads("10.128.0.2/32") === "");
  },
});

/** Time in which a session would come up, milliseconds: it takes two seconds. */
const WITHOUT_MS = 6_000;

Deno.test({
  name: "a node that calls itself by another's AS number gets no session",
  ignore: NO_FRR,
  fn: async () => {
    await using lab = await threeNodes({ 1: trust(1, "open") });
    const [node, three] = [lab.node(1), lab.node(3)];
    await three.configure(three.input([1], { asn: parseAsn("4200000002") }));
    await until(
      "the end of the session",
      async () => (await node.established()).join() === "meshover0-tun2",
    );
    for (const end = performance.now() + WITHOUT_MS; performance.now() < end;) {
      assert.equal((await node.established()).join(), "meshover0-tun2");
    }
    // That it was the number, and nothing else that came to an end with the session.
    await three.configure(three.input([1]));
    await until("a session by its own number", async () => (await node.established()).length === 2);
  },
});
