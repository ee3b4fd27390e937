import assert from "node:assert/strict";
import { Sqld } from "../../controller/sqld.ts";
import { LAB_PASSWORD, Mesh } from "../mesh.ts";
import { productCommand } from "../product.ts";
import { type Scenario, Skip } from "../scenario.ts";
import { waitFor } from "../wait_for.ts";

const DATABASE_PORT = 8081;
const STATUS_PORT = 8082;

/** With --statusserver, what nodes tell of themselves goes to a controller started for that purpose. */
export const statusElsewhere: Scenario = {
  name: "the status goes to a controller of its own, and the one that serves the mesh has none",
  places: ["bare"],
  play: async (lab) => {
    const sqld = await Sqld.find();
    if ("reason" in sqld) throw new Skip(sqld.reason);
    const world = await lab.world(2);
    const { controller, controllerAddress } = world;
    await controller.exec(["mkdir", "-p", "/run/sqld"]);
    const listen = `127.0.0.1:${DATABASE_PORT}`;
    const database = `http://${listen}`;
    controller.start([sqld.binary, "--http-listen-addr", listen, "--db-path", "/run/sqld/data"], {
      name: "sqld",
    });
    await waitFor("the database answers", async () => {
      const { code } = await controller.tryExec(["curl", "-sf", `${database}/health`]);
      return code === 0;
    });
    const mesh = new Mesh(world);
    await mesh.startController(["--database", database]);
    await mesh.token();
    const statusServer = `http://${controllerAddress}:${STATUS_PORT}`;
    const own = ["--listen", `${controllerAddress}:${STATUS_PORT}`, "--database", database];
    controller.start([...productCommand(), "controller", ...own, "--insecure-http"], {
      name: "status",
      env: { MESHOVER_PASSWORD: LAB_PASSWORD },
    });
    for (const host of world.nodes) await mesh.startAgent(host, ["--statusserver", statusServer]);
    await mesh.settle();
    await waitFor("the status server has heard of both nodes", async () => {
      const told = await statuses(mesh, statusServer);
      return told.length === 2 && told.every((status) => status !== null);
    });
    assert.deepEqual(await statuses(mesh, mesh.url), [null, null]);
  },
};

/** The status of each node as the controller at `url` has it; null where it heard of none. */
async function statuses(mesh: Mesh, url: string): Promise<unknown[]> {
  const argv = [...productCommand(), "status", "--json", "--controlserver", url];
  const { stdout } = await mesh.world.controller.tryExec([...argv, "--insecure-http"], {
    env: { MESHOVER_PASSWORD: LAB_PASSWORD },
  });
  const { nodes } = JSON.parse(stdout) as { nodes: { status: unknown }[] };
  return nodes.map(({ status }) => status);
}
