import { z } from "zod";
import { prefixSchema } from "./node.ts";

/** Routes of one node told at most; what is beyond is only counted. */
export const MAX_TOLD_ROUTES = 5_000;

/** A route that a node learnt over the overlay and uses. */
export const acceptedRouteSchema = z.object({
  prefix: prefixSchema,
  /** Numbers of the peers that it leads to next; several when paths are equally good. */
  via: z.array(z.int()).max(64),
});
/** See {@link acceptedRouteSchema}. */
export type AcceptedRoute = z.infer<typeof acceptedRouteSchema>;

/** A route that peers sent and that the node did not let in. */
export const refusedRouteSchema = z.object({
  prefix: prefixSchema,
  /** Numbers of the peers that sent it. */
  from: z.array(z.int()).max(64),
  /** AS number in which the route began; null when it is not told. */
  origin: z.int().nullable(),
  /** Why it was not let in, in words. */
  why: z.string().max(200),
});
/** See {@link refusedRouteSchema}. */
export type RefusedRoute = z.infer<typeof refusedRouteSchema>;

/** Refused routes told at most. */
export const MAX_TOLD_REFUSED = 500;

/** The routes of a node. */
export const nodeRoutesSchema = z.object({
  /** Prefixes that the node itself announces to the overlay. */
  announced: z.array(prefixSchema).max(MAX_TOLD_ROUTES),
  accepted: z.array(acceptedRouteSchema).max(MAX_TOLD_ROUTES),
  /** How many there are, also those beyond the limit. */
  announcedCount: z.int().min(0),
  acceptedCount: z.int().min(0),
  /** Absent from nodes of version 0.1.0 and before. */
  refused: z.array(refusedRouteSchema).max(MAX_TOLD_REFUSED).optional(),
  refusedCount: z.int().min(0).optional(),
});
/** See {@link nodeRoutesSchema}. */
export type NodeRoutes = z.infer<typeof nodeRoutesSchema>;
