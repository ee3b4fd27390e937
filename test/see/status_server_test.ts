import assert from "node:assert/strict";
import type { NodesAnswer } from "../../lib/model/nodes_api.ts";
import { ChildController } from "./child_controller.ts";
import { SimulatedMesh } from "./simulated_mesh.ts";

const PASSWORD = "bench";

Deno.test("a second controller on the same database takes the status, and the first goes on without it", async () => {
  const folder = await Deno.makeTempDir({ prefix: "meshover-status-" });
  const first = await ChildController.start({ folder, password: PASSWORD });
  const second = await ChildController.start({ folder, password: PASSWORD });
  const send = (path: string, init: RequestInit) =>
    fetch((path === "/v1/status" ? second : first).url(path), init);
  try {
    const mesh = new SimulatedMesh({ send, password: PASSWORD });
    await mesh.enrol(["tokyo", "osaka"]);
    await mesh.tellAll();
    const told = async (controller: ChildController) => {
      const admin = new SimulatedMesh({
        send: (path, init) => fetch(controller.url(path), init),
        password: PASSWORD,
      });
      const { nodes } = await admin.admin("GET", { path: "/v1/nodes" }) as NodesAnswer;
      return nodes.filter((node) => node.status !== null).length;
    };
    assert.equal(await told(second), 2);
    assert.equal(await told(first), 0);
  } finally {
    await first.stop();
    await second.stop();
    await Deno.remove(folder, { recursive: true });
  }
});
