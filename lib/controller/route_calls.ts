import { MAX_TOLD_ROUTES } from "../model/node_routes.ts";
import { type RouteVerdict } from "../model/route_policy.ts";
import {
  type RouteDecisionRow,
  type RoutesAnswer,
  type WaitingRoute,
} from "../model/routes_api.ts";
import type { HostName } from "../model/host_name.ts";
import type { Prefix } from "../model/prefix.ts";
import { Refusal } from "../model/refusal.ts";
import { RouteJudge } from "../plan/route_state.ts";
import { insertAudit } from "../store/audit.ts";
import { requireNode } from "../store/nodes.ts";
import { decideRoute, type StoredDecision, toldPolicy } from "../store/route_decisions.ts";
import type { Handlers } from "./call.ts";
import type { Context } from "./context.ts";
import { assignmentOf } from "./kept_node.ts";

/** What an operator asks about routes and decides on them. */
export const routeCalls: Pick<Handlers, "routes" | "decideRoute"> = {
  async routes({ context }) {
    await context.catchUp();
    const { mode, decisions } = context.state.routes;
    const waiting = mode === "approve" ? waitingRoutes(context) : [];
    return {
      mode,
      decisions: decisions.flatMap((one) => rowOf(context, one)),
      waiting: waiting.slice(0, MAX_TOLD_ROUTES),
      waitingCount: waiting.length,
    } satisfies RoutesAnswer;
  },

  async decideRoute({ body, source, context }) {
    const { prefix, node: name, verdict } = body;
    await context.catchUp();
    const now = context.now();
    await context.database.write(async (tx) => {
      const node = name === null ? null : (await requireNode(tx, name)).self.number;
      if (verdict === "approved") refuseNever(context, { prefix, node });
      if (!await decideRoute(tx, { prefix, node, verdict, now })) return;
      await insertAudit(tx, {
        at: now,
        source,
        actor: "admin",
        action: `route.${ACTIONS[verdict ?? "none"]}`,
        subject: prefix,
        detail: name === null ? "of every node" : `of ${name}`,
      });
    });
    return { done: true };
  },
};

const ACTIONS: Readonly<Record<RouteVerdict | "none", string>> = {
  approved: "approve",
  denied: "deny",
  none: "forget",
};

function rowOf(context: Context, decision: StoredDecision): RouteDecisionRow[] {
  const { node: number, ...rest } = decision;
  const node = number === null ? null : context.state.node(number)?.name;
  // A node that was removed a moment ago takes its decisions with it.
  return node === undefined ? [] : [{ ...rest, node }];
}

function judgeOf({ state }: Context): RouteJudge {
  const owners = [...state.nodes()].map(assignmentOf);
  return new RouteJudge({ policy: toldPolicy(state.routes), mesh: state.mesh, owners });
}

/** An approval that no node would follow misleads. @throws {Refusal} */
function refuseNever(context: Context, asked: { prefix: Prefix; node: number | null }): void {
  const judge = judgeOf(context);
  const { prefix, node } = asked;
  const owner = judge.ownerOf(prefix);
  const name = owner === undefined ? undefined : context.state.node(owner)?.name;
  const why = judge.isNever(prefix)
    ? "it would carry the overlay's own packets, or is no route at all"
    : name !== undefined && owner !== node
    ? `it lies in the address of ${name}, and only ${name} may announce that`
    : undefined;
  if (why === undefined) return;
  throw new Refusal({
    status: 409,
    code: "route_never",
    detail: `${prefix} cannot be approved: ${why}`,
  });
}

function waitingRoutes(context: Context): WaitingRoute[] {
  const judge = judgeOf(context);
  return [...context.state.nodes()].filter(({ isPeer }) => isPeer)
    .toSorted((a, b) => a.number - b.number)
    .flatMap(({ number, name }) => waitingOf(context, { judge, number, name }));
}

function waitingOf(
  { board }: Context,
  node: { readonly judge: RouteJudge; readonly number: number; readonly name: HostName },
): WaitingRoute[] {
  if (board.status(node.number) === null) return [];
  return (board.routes(node.number)?.announced ?? [])
    .filter((prefix) => node.judge.stateOf(prefix, node.number) === "waiting")
    .map((prefix) => ({ prefix, node: node.name }));
}
