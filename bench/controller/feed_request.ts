import type { RawRequest } from "./raw_agent.ts";
import type { RunningController } from "./running_controller.ts";
import type { SwarmNode } from "./swarm.ts";

/** Asks for what is new after a revision; answered when there is something. */
export function feedRequest(node: SwarmNode, since: number): RawRequest {
  return { line: `GET /v1/feed?since=${since}`, credential: node.request.secret };
}

/** The revision of the mesh. */
export async function revisionOf(controller: RunningController): Promise<number> {
  const { revision } = await controller.admin("GET", { path: "/v1/nodes" }) as { revision: number };
  return revision;
}
