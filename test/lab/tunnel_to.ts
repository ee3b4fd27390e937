import type { LabHost } from "./lab_host.ts";
import type { Mesh } from "./mesh.ts";
import { waitFor } from "./wait_for.ts";

/** The device of the tunnel from one node to another, once its agent tells it. */
export async function tunnelTo(
  mesh: Mesh,
  ends: { readonly from: LabHost; readonly to: LabHost },
): Promise<string> {
  const { from, to } = ends;
  return await waitFor(`${from.name} tells its tunnel to ${to.name}`, async () => {
    const { peers } = await mesh.status(from);
    return peers.find(({ name }) => name === to.name)?.tunnel;
  }, { everyMs: 500 });
}
