import assert from "node:assert/strict";
import { nodesAnswerSchema } from "../../../lib/model/nodes_api.ts";
import type { LabHost } from "../lab_host.ts";
import { type Mesh, PATIENT_BFD, STATE_DIR } from "../mesh.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { Traffic } from "../traffic.ts";
import { waitFor } from "../wait_for.ts";

const BACKUP = "/run/meshover-backup.db";
const DATABASE = ["--statefile", "/run/meshover-controller"];

/** Runs a command of the administrator that must succeed. */
async function admin(mesh: Mesh, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await mesh.admin(args);
  assert.equal(code, 0, `${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** Works on the controller's database, which needs no controller. */
async function onDatabase(mesh: Mesh, what: "backup" | "restore"): Promise<void> {
  const args = ["controller", what, BACKUP, ...DATABASE];
  const { code, stderr } = await mesh.run(mesh.world.controller, args);
  assert.equal(code, 0, stderr);
}

/** What each node holds, by name, as the controller has it. */
async function holdings(mesh: Mesh): Promise<Record<string, unknown>> {
  const { nodes } = nodesAnswerSchema.parse(
    JSON.parse(await admin(mesh, ["node", "list", "--json"])),
  );
  return Object.fromEntries(
    nodes.map((
      { peer },
    ) => [peer.name, [peer.number, peer.asn, peer.addresses, peer.tunnelAddress]]),
  );
}

async function secretOf(host: LabHost): Promise<string> {
  return JSON.parse(await host.shell(`cat ${STATE_DIR}/identity.json`)).secret;
}

/** A node's secret is changed in full traffic, and used after a restart of its agent. */
async function rotate(mesh: Mesh, host: LabHost): Promise<void> {
  const before = await secretOf(host);
  await admin(mesh, ["node", "rotate", host.name]);
  await mesh.agent(host).waitForLine(/this node has a new secret/);
  assert.notEqual(await secretOf(host), before);
  await mesh.agent(host).stop({ signal: "KILL" });
  await mesh.startAgent(host);
  await waitFor("the controller hears of the node again", async () => {
    const { code, stdout } = await mesh.run(host, ["status", "--statedir", STATE_DIR]);
    return code === 0 && /controller +\S+ connected/.test(stdout);
  });
}

/** Secrets change, and the controller forgets; neither is noticed by who uses the overlay. */
export const secretsAndBackups: Scenario = {
  name:
    "a node changes its secret; after an older backup was restored, nodes join again as who they were",
  places: PLACES,
  deadlineS: 240,
  play: async (lab) => {
    const mesh = await lab.mesh(2, PATIENT_BFD);
    const { world } = mesh;
    const [first, second] = world.nodes as [LabHost, LabHost];
    await Promise.all([first, second].map((host) => mesh.startAgent(host)));
    const addresses = await mesh.settle();
    const traffic = await Traffic.start(first, addresses.get(second.name)!.v4);
    await onDatabase(mesh, "backup");

    await rotate(mesh, first);
    const third = await world.addNode("node3");
    await mesh.startAgent(third);
    await mesh.settle();
    const before = await holdings(mesh);

    await onDatabase(mesh, "restore");
    await mesh.agent(third).waitForLine(/it has enrolled again/);
    await mesh.agent(first).waitForLine(/meshover node reset node1/);
    await admin(mesh, ["node", "reset", first.name]);
    await mesh.agent(first).waitForLine(/it has enrolled again/);
    assert.deepEqual(await holdings(mesh), before);
    await mesh.settle();
    const { lost, answered } = await traffic.stop();
    assert.ok(answered > 20, `${answered} answers`);
    assert.equal(lost, 0, `${lost} packets were lost`);
  },
};
