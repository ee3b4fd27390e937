import { z } from "zod";
import { hostNameSchema, prefixSchema } from "./node.ts";
import { ROUTE_MODES, ROUTE_VERDICTS } from "./route_policy.ts";

/** One decision as operators see it. */
export const routeDecisionRowSchema = z.object({
  prefix: prefixSchema,
  /** Null for every node. */
  node: hostNameSchema.nullable(),
  verdict: z.enum(ROUTE_VERDICTS),
  /** RFC 3339. */
  at: z.string(),
});
/** See {@link routeDecisionRowSchema}. */
export type RouteDecisionRow = z.infer<typeof routeDecisionRowSchema>;

/** A route that a node announces and that nobody has decided on, while only approved ones are taken. */
export const waitingRouteSchema = z.object({ prefix: prefixSchema, node: hostNameSchema });
/** See {@link waitingRouteSchema}. */
export type WaitingRoute = z.infer<typeof waitingRouteSchema>;

/** Answer of `GET /v1/routes` (admin). */
export const routesAnswerSchema = z.object({
  mode: z.enum(ROUTE_MODES),
  decisions: z.array(routeDecisionRowSchema),
  /** By node and prefix, at most 5,000. */
  waiting: z.array(waitingRouteSchema),
  /** How many there are, also those beyond the limit. */
  waitingCount: z.int(),
});
/** See {@link routesAnswerSchema}. */
export type RoutesAnswer = z.infer<typeof routesAnswerSchema>;

/** Body of `POST /v1/routes` (admin): what to think of a prefix from now on; null takes back what was decided. */
export const routeDecisionRequestSchema = z.object({
  prefix: prefixSchema,
  /** Null for every node. */
  node: hostNameSchema.nullable().default(null),
  verdict: z.enum(ROUTE_VERDICTS).nullable(),
});
/** See {@link routeDecisionRequestSchema}. */
export type RouteDecisionRequest = z.input<typeof routeDecisionRequestSchema>;
