import type { ControllerClient } from "../client/controller_client.ts";
import type { NodeRow } from "../model/nodes_api.ts";

/** Requests at a time. */
const WIDTH = 16;

/** All nodes with the routes that they told; one request for each, because all routes at once could be very many. */
export async function nodesWithRoutes(client: ControllerClient): Promise<NodeRow[]> {
  const { nodes } = await client.nodes();
  const left = [...nodes.entries()];
  const rows = [...nodes];
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [index, { peer }] = next;
      rows[index] = await client.node(peer.name);
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, work));
  return rows;
}
