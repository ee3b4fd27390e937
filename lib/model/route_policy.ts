import { z } from "zod";
import { prefixSchema } from "./node.ts";

/**
 * Which routes of other nodes a node takes: `open` all but those never allowed, `approve` only a node's own addresses and
 * what an operator approved.
 */
export const ROUTE_MODES = ["open", "approve"] as const;
/** See {@link ROUTE_MODES}. */
export type RouteMode = typeof ROUTE_MODES[number];

/** What an operator can say of a prefix. */
export const ROUTE_VERDICTS = ["approved", "denied"] as const;
/** See {@link ROUTE_VERDICTS}. */
export type RouteVerdict = typeof ROUTE_VERDICTS[number];

/** Decisions on routes kept at most: FRR 8.4 takes seconds for a hundred entries of a prefix list. */
export const MAX_ROUTE_DECISIONS = 500;

/** What was decided on a prefix and everything inside it. */
export const routeDecisionSchema = z.object({
  prefix: prefixSchema,
  /** Number of the node that it is about; null for every node. */
  node: z.int().nullable(),
  verdict: z.enum(ROUTE_VERDICTS),
});
/** See {@link routeDecisionSchema}. */
export type RouteDecision = z.infer<typeof routeDecisionSchema>;

/** Whose routes are trusted; enforced by every node that receives them. */
export const routePolicySchema = z.object({
  mode: z.enum(ROUTE_MODES),
  decisions: z.array(routeDecisionSchema),
});
/** See {@link routePolicySchema}. */
export type RoutePolicy = z.infer<typeof routePolicySchema>;

/** The policy of a mesh whose operator has not said anything. */
export const OPEN_POLICY: RoutePolicy = { mode: "open", decisions: [] };
