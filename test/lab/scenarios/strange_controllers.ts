import assert from "node:assert/strict";
import { localStatusSchema } from "../../../lib/agent/local_status.ts";
import type { LabHost } from "../lab_host.ts";
import { LAB_PASSWORD, type Mesh, PATIENT_BFD, STATE_DIR } from "../mesh.ts";
import { productCommand } from "../product.ts";
import { reach } from "../reach.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { Traffic } from "../traffic.ts";
import { waitFor } from "../wait_for.ts";

/** Bodies of `Deno.serve` handlers that stand in for the controller, and what the node says of them. */
const IMPOSTORS: Readonly<Record<string, { readonly body: string; readonly says: RegExp }>> = {
  nonsense: {
    body: 'new Response("<html>It works!</html>", { headers: { "content-type": "text/html" } })',
    says: /not what a controller sends/,
  },
  errors: {
    body: 'new Response("bad gateway", { status: 502 })',
    says: /answered 502, not as a controller does/,
  },
  "another mesh": {
    body: `r.url.endsWith("z") ? Response.json({ ok: true, waitingFor: [] }) : Response.json({
      meshId: "other", revision: 9, full: true, peers: [], removed: [1, 2], mesh: { tunnelPools: [], nodePools: [] } })`,
    says: /another mesh/,
  },
};

const TLS_PORT = 9443;

/** Whatever answers in the controller's place, the overlay stays; and it comes up from what a node remembers. */
export const strangeControllers: Scenario = {
  name:
    "nonsense, errors, another mesh or a wrong certificate in the controller's place cost no packet; a boot needs none",
  places: PLACES,
  deadlineS: 240,
  play: async (lab) => {
    const mesh = await lab.mesh(2, PATIENT_BFD);
    const [node, other] = mesh.world.nodes as [LabHost, LabHost];
    await Promise.all([node, other].map((host) => mesh.startAgent(host)));
    const addresses = await mesh.settle();
    const traffic = await Traffic.start(other, addresses.get(node.name)!.v4);
    await mesh.stopController();
    for (const [name, { body, says }] of Object.entries(IMPOSTORS)) {
      const stop = await serve(mesh, body);
      await lost(node, { why: says, what: name });
      await stop();
    }
    await wrongCertificate(mesh, node);
    const { lost: packets, answered } = await traffic.stop();
    assert.ok(answered > 20 && packets === 0, `${packets} packets were lost`);

    // As after a reboot: nothing is there but the files, and no controller answers.
    await mesh.down(node);
    await mesh.startAgent(node);
    await mesh.settle([node]);
    await reach(node, [addresses.get(other.name)!.v4]);
    await reach(other, [addresses.get(node.name)!.v4]);
    await mesh.startController();
    await waitFor(
      "the node finds its controller",
      async () => (await link(node)).state === "connected",
    );
  },
};

async function link(node: LabHost) {
  const text = await node.exec(["cat", `${STATE_DIR}/status.json`]);
  return localStatusSchema.parse(JSON.parse(text)).controller;
}

/** Waits until the node says since when and why it has no controller. */
async function lost(
  node: LabHost,
  { why, what }: { readonly why: RegExp; readonly what: string },
): Promise<void> {
  const { since } = await waitFor(`the node tells of ${what}`, async () => {
    const now = await link(node);
    return now.state === "lost" && why.test(now.reason ?? "") && now;
  });
  assert.ok(Date.parse(since) <= Date.now());
}

/** Lets something else answer where the controller did; returns how to end it. */
async function serve(mesh: Mesh, body: string): Promise<() => Promise<void>> {
  const { hostname, port } = new URL(mesh.url);
  const onListen = '() => console.log("ready")';
  const code =
    `Deno.serve({ hostname: "${hostname}", port: ${port}, onListen: ${onListen} }, (r) => ${body});`;
  const argv = [Deno.execPath(), "eval", "--quiet", code];
  const server = mesh.world.controller.start(argv, { name: "impostor" });
  await server.waitForLine(/ready/);
  return async () => void await server.stop({ signal: "KILL" });
}

/** The agent is started anew with another controller, whose certificate comes from another CA than the pinned one. */
async function wrongCertificate(mesh: Mesh, node: LabHost): Promise<void> {
  const address = `${mesh.world.controllerAddress}:${TLS_PORT}`;
  const tls = ["controller", "--listen", address, "--statefile", "/run/other-controller"];
  const server = mesh.world.controller.start([...productCommand(), ...tls], {
    name: "other controller",
    env: { MESHOVER_PASSWORD: LAB_PASSWORD },
  });
  await mesh.agent(node).stop();
  const pinned = [
    "--controlserver",
    `https://${address}`,
    "--controller-ca",
    `sha256:${"0".repeat(64)}`,
  ];
  const own = ["--hostname", node.name, "--frr", "system", "--statedir", STATE_DIR];
  const agent = node.start([...productCommand(), "agent", ...pinned, ...own], { name: "pinned" });
  await lost(node, { why: /does not come from the pinned CA/, what: "the wrong certificate" });
  await agent.stop();
  await server.stop();
}
