import { ChildController } from "../../test/see/child_controller.ts";
import { SimulatedMesh } from "../../test/see/simulated_mesh.ts";

/** Password of the controllers that figures are taken of. */
export const PASSWORD = "bench";

/** Runs `task` with a controller in a process of its own and `count` simulated nodes that have told their status. */
export async function withSimulatedMesh(
  options: { readonly count: number; readonly peers: number },
  task: (controller: ChildController, mesh: SimulatedMesh) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "meshover-bench-" });
  try {
    const controller = await ChildController.start({ folder, password: PASSWORD });
    try {
      const send = (path: string, init: RequestInit) => fetch(controller.url(path), init);
      const mesh = new SimulatedMesh({ password: PASSWORD, send });
      const { count, peers } = options;
      await mesh.enrol(
        Array.from({ length: count }, (_, i) => `node${i}.site${i % 20}.example.net`),
      );
      await mesh.tellAll({ peers });
      await task(controller, mesh);
    } finally {
      await controller.stop();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
