import assert from "node:assert/strict";
import { auditAnswerSchema } from "../../../lib/model/audit_api.ts";
import { configureProxy, findProxy, PROXIES } from "../../controller/proxy.ts";
import type { LabHost } from "../lab_host.ts";
import { type Mesh, STATE_DIR } from "../mesh.ts";
import { productCommand } from "../product.ts";
import { PLACES, type Scenario, Skip } from "../scenario.ts";
import { waitFor } from "../wait_for.ts";
import { waitForMesh } from "../wait_for_mesh.ts";

const PORT = 8443;

/** Starts the first proxy that is installed, on the controller's host; returns the file with the CA to trust. */
async function startProxy(mesh: Mesh, folder: string): Promise<string> {
  const { controller, controllerAddress: address } = mesh.world;
  const programs = await Promise.all(PROXIES.map(async (name) => [name, await findProxy(name)]));
  const found = programs.find(([, program]) => program !== undefined);
  if (found === undefined) throw new Skip(`needs ${PROXIES.join(" or ")}`);
  const [name, program] = found as [typeof PROXIES[number], string];
  const listen = { address, port: PORT };
  const to = new URL(mesh.url).host;
  const { argv } = await configureProxy({ name, program, folder, listen, to });
  controller.start(argv, { name, env: { HOME: folder } });
  await waitFor(
    `${name} listens`,
    async () => (await controller.shell(`ss -Hltn sport = :${PORT}`)).trim() !== "",
  );
  return `${folder}/ca.pem`;
}

/** Agents know the controller by the proxy's address only, and trust its certificate as that of any site. */
async function startAgent(mesh: Mesh, host: LabHost, ca: string): Promise<void> {
  const url = `https://${mesh.world.controllerAddress}:${PORT}`;
  const args = mesh.agentArgs(host).map((word) => word === mesh.url ? url : word)
    .filter((word) => word !== "--insecure-http");
  host.start([...productCommand(), ...args], {
    name: host.name,
    env: { MESHOVER_AGENTTOKEN: await mesh.token(), DENO_CERT: ca },
  });
}

async function isConnected(mesh: Mesh, host: LabHost): Promise<boolean> {
  const { code, stdout } = await mesh.run(host, ["status", "--statedir", STATE_DIR]);
  return code === 0 && new RegExp(`controller +https://\\S+:${PORT} connected`).test(stdout);
}

/** A controller behind the operator's own proxy. */
export const behindAProxy: Scenario = {
  name:
    "behind a proxy that ends TLS nodes join and stay connected, and are known by their own addresses",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(2);
    const { world } = mesh;
    const trust = ["--trusted-proxies", `${world.controllerAddress}/32`];
    await mesh.stopController();
    await mesh.startController(trust);
    const folder = await Deno.makeTempDir({ prefix: "meshover-lab-proxy-" });
    try {
      const ca = await startProxy(mesh, folder);
      await Promise.all(world.nodes.map((host) => startAgent(mesh, host, ca)));
      await waitForMesh(world.nodes);
      for (const host of world.nodes) {
        await waitFor(`${host.name} is connected`, () => isConnected(mesh, host));
      }
      // Longer than a request for the feed is held.
      await new Promise((resolve) => setTimeout(resolve, 30_000));
      for (const host of world.nodes) assert.ok(await isConnected(mesh, host), host.name);
      const { stdout } = await mesh.admin(["audit", "--json"]);
      const { entries } = auditAnswerSchema.parse(JSON.parse(stdout));
      const sources = entries.filter((e) => e.action === "node.enrol").map((e) => e.source);
      assert.equal(new Set(sources).size, 2);
      assert.ok(!sources.includes(world.controllerAddress), sources.join(", "));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
};
