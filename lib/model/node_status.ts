import { z } from "zod";
import { hostNameSchema } from "./node.ts";
import { nodeRoutesSchema } from "./node_routes.ts";

/** Seconds a node's last status is kept before the node is shown as silent. */
export const STATUS_TTL_S = 30;

/** State of one peer as a node sees it. */
export const peerStatusSchema = z.object({
  number: z.int(),
  name: hostNameSchema,
  /** Device that leads to it. */
  tunnel: z.string(),
  /** Endpoint that WireGuard uses now, `address:port` or `[address]:port`; null when none is known. */
  endpoint: z.string().nullable(),
  /** Seconds since the last WireGuard handshake; null when there was none. */
  handshakeAgeS: z.number().nullable(),
  rxBytes: z.number(),
  txBytes: z.number(),
  /** FRR's word for the session, for example `Established`; null when FRR does not know it. */
  bgp: z.string().nullable(),
  prefixesReceived: z.int().nullable(),
  prefixesSent: z.int().nullable(),
});
/** See {@link peerStatusSchema}. */
export type PeerStatus = z.infer<typeof peerStatusSchema>;

/** Body of `POST /v1/status`: what a node last saw of itself. */
export const nodeStatusSchema = z.object({
  name: hostNameSchema,
  number: z.int(),
  version: z.string(),
  /** RFC 3339 time at which it was observed. */
  at: z.string(),
  /** Which parts the node runs, for example `{wg: "kernel", frr: "8.4.4", backend: "system"}`. */
  parts: z.record(z.string(), z.string()),
  peers: z.array(peerStatusSchema),
  /** Result of the last reconcile. */
  reconcile: z.object({
    at: z.string(),
    tookMs: z.number(),
    done: z.int(),
    /** Programs that were run for it. */
    programs: z.int().optional(),
    /** How many of them wrote. */
    writes: z.int().optional(),
    failed: z.array(z.object({ change: z.string(), error: z.string() })),
  }),
  /** What the node cannot do at the moment, in words: the last errors that are not over. */
  problems: z.array(z.string().max(1000)).max(100).optional(),
  /** Changes whenever the routes do; equal ones need not be sent again. */
  routesRevision: z.string().max(64).optional(),
  /** Left out when the controller has those of `routesRevision`. */
  routes: nodeRoutesSchema.optional(),
});
/** See {@link nodeStatusSchema}. */
export type NodeStatus = z.infer<typeof nodeStatusSchema>;

/** Answer to `POST /v1/status`. */
export const statusAnswerSchema = z.object({
  done: z.literal(true),
  /** Whether the next status should have the routes: the controller lacks those of its `routesRevision`. */
  wantRoutes: z.boolean().default(false),
});
/** See {@link statusAnswerSchema}. */
export type StatusAnswer = z.infer<typeof statusAnswerSchema>;
