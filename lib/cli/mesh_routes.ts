import type { ControllerClient } from "../client/controller_client.ts";
import type { NodesAnswer } from "../model/nodes_api.ts";
import type { RoutesAnswer } from "../model/routes_api.ts";
import { RouteJudge } from "../plan/route_state.ts";
import { type MeshRoute, routeTable } from "../plan/route_table.ts";
import { nodesWithRoutes } from "./nodes_with_routes.ts";

/** The routes of a mesh, and what its operator said of them. */
export interface MeshRoutes {
  readonly routes: readonly MeshRoute[];
  readonly told: RoutesAnswer;
}

/** Asks for the routes of the whole mesh and judges them. */
export async function meshRoutes(client: ControllerClient): Promise<MeshRoutes> {
  const [rows, told, nodes] = await Promise.all([
    nodesWithRoutes(client),
    client.routes(),
    client.nodes(),
  ]);
  return { routes: routeTable(rows, judgeOf(nodes, told)), told };
}

/** Decisions are told by the names of nodes, and judged by their numbers. */
function judgeOf({ nodes, reserved, pools }: NodesAnswer, told: RoutesAnswer): RouteJudge {
  const owners = [...nodes.map(({ peer }) => peer), ...reserved];
  const numbers = new Map(owners.map(({ name, number }) => [name, number]));
  const decisions = told.decisions.flatMap(({ prefix, verdict, node: name }) => {
    const node = name === null ? null : numbers.get(name);
    return node === undefined ? [] : [{ prefix, verdict, node }];
  });
  return new RouteJudge({ policy: { mode: told.mode, decisions }, mesh: pools, owners });
}
