import assert from "node:assert/strict";
import { nodesAnswerSchema } from "../../../lib/model/nodes_api.ts";
import type { Assignment } from "../../../lib/model/node.ts";
import type { LabHost } from "../lab_host.ts";
import { type Mesh, PATIENT_BFD } from "../mesh.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { Traffic } from "../traffic.ts";
import { waitFor } from "../wait_for.ts";

/** Private and public, both families; the smallest has room for two nodes. */
const NEW_POOLS = [
  "--wgaddress",
  "198.51.100.0/24,fd00:5::/64",
  "--assignaddress",
  "203.0.113.0/30,2001:db8:77::/56",
];

async function nodeList(mesh: Mesh, ...flags: string[]): Promise<string> {
  const { code, stdout, stderr } = await mesh.admin(["node", "list", ...flags]);
  assert.equal(code, 0, stderr);
  return stdout;
}

async function assignments(mesh: Mesh): Promise<Map<string, Assignment>> {
  const { nodes } = nodesAnswerSchema.parse(JSON.parse(await nodeList(mesh, "--json")));
  return new Map(nodes.map(({ peer }) => [peer.name, peer]));
}

async function restartWith(mesh: Mesh, flags: readonly string[]): Promise<void> {
  await mesh.stopController();
  await mesh.startController(flags);
  await waitFor(
    "the controller answers again",
    async () => (await mesh.admin(["node", "list"])).code === 0,
  );
}

async function ping(from: LabHost, address: string): Promise<void> {
  await waitFor(`${from.name} reaches ${address}`, async () => {
    return (await from.tryExec(["ping", "-n", "-c", "1", "-W", "1", address])).code === 0;
  });
}

/** Nobody gets in while a pool is full; the addresses of who was removed are free when they have rested. */
async function fillAndFree(mesh: Mesh): Promise<void> {
  const late = await mesh.world.addNode("node5");
  const refused = await mesh.startAgent(late);
  assert.equal(await refused.ended, 1);
  assert.match(refused.output, /203\.0\.113\.0\/30 \(room for 2\) is full.*--assignaddress/);
  assert.equal((await mesh.admin(["node", "remove", "node4"])).code, 0);
  const removed = performance.now();
  assert.equal(await (await mesh.startAgent(late)).ended, 1, "what node4 had must rest");
  await restartWith(mesh, [...NEW_POOLS, "--quarantine", "1s"]);
  await waitFor(
    "what node4 had has rested for a second",
    () => Promise.resolve(performance.now() - removed > 2_000),
  );
  await mesh.startAgent(late);
}

/** Pools are changed under a running mesh. */
export const poolsAreChanged: Scenario = {
  name:
    "other pools: old nodes keep their addresses, new ones get new ones of both families, a full pool says so",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(2, PATIENT_BFD);
    const { world } = mesh;
    const [first, second] = world.nodes as [LabHost, LabHost];
    await Promise.all([first, second].map((host) => mesh.startAgent(host)));
    const addresses = await mesh.settle();
    const traffic = await Traffic.start(first, addresses.get(second.name)!.v4);
    const before = await assignments(mesh);

    await restartWith(mesh, NEW_POOLS);
    const [third, fourth] = [await world.addNode("node3"), await world.addNode("node4")];
    await Promise.all([third, fourth].map((host) => mesh.startAgent(host)));
    await mesh.settle();
    const after = await assignments(mesh);
    for (const name of ["node1", "node2"]) {
      assert.deepEqual(after.get(name)!.addresses, before.get(name)!.addresses, name);
      assert.equal(after.get(name)!.tunnelAddress, before.get(name)!.tunnelAddress, name);
    }
    for (const name of ["node3", "node4"]) {
      const { addresses: [v4, v6], tunnelAddress, tunnelAddress6 } = after.get(name)!;
      assert.match(v4!, /^203\.0\.113\.[12]\/32$/);
      assert.match(v6!, /^2001:db8:0?77:/);
      assert.match(tunnelAddress, /^198\.51\.100\./);
      assert.match(tunnelAddress6!, /^fd00:5::/);
    }
    await ping(third, after.get("node4")!.tunnelAddress6!);
    const list = await nodeList(mesh);
    assert.match(list, /node1 .*\*/);
    assert.ok(!/node3 .*\*/.test(list), list);
    assert.match(list, /\* from a pool that new nodes do not get addresses from any more/);

    await fillAndFree(mesh);
    await mesh.settle([first, second, third, mesh.world.nodes.at(-1)!]);
    const { lost, answered } = await traffic.stop();
    assert.ok(answered > 20, `${answered} answers`);
    assert.equal(lost, 0, `${lost} packets were lost`);
  },
};
