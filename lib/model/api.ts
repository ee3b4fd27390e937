import { z } from "zod";
import {
  assignmentSchema,
  hostNameSchema,
  nodeReportSchema,
  peerSchema,
  prefixSchema,
} from "./node.ts";

/** How long the controller holds a feed request open with nothing to say, seconds; proxies cut at 30 or 60. */
export const FEED_WAIT_S = 25;

/** Seconds a node's last status is kept before the node is shown as silent. */
export const STATUS_TTL_S = 30;

/**
 * A node's own secret: 32 random bytes in hexadecimal, made on the node before it enrols, so that an enrolment
 * whose answer was lost can be repeated. The controller stores only its hash.
 */
export const nodeSecretSchema = z.string().regex(
  /^[0-9a-f]{64}$/,
  "expected 64 hexadecimal digits",
);

/** Body of `POST /v1/enrol`; the agent token is the bearer credential. */
export const enrolRequestSchema = z.object({
  name: hostNameSchema,
  secret: nodeSecretSchema,
  report: nodeReportSchema,
  /**
   * What the node was given before, offered to a controller that may have forgotten it (restored from an old backup).
   * Honoured as far as it is free and lies in the mesh's pools; otherwise ignored.
   */
  claim: assignmentSchema.omit({ name: true }).optional(),
});
/** See {@link enrolRequestSchema}. */
export type EnrolRequest = z.infer<typeof enrolRequestSchema>;

/** What is the same for all nodes of a mesh. */
export const meshSchema = z.object({
  /** Every prefix that tunnel addresses have ever come from; never announced nor accepted as a route. */
  tunnelPools: z.array(prefixSchema),
  /** Every prefix that node addresses have ever come from. */
  nodePools: z.array(prefixSchema),
});
/** See {@link meshSchema}. */
export type Mesh = z.infer<typeof meshSchema>;

/** Answer to an enrolment. */
export const enrolAnswerSchema = z.object({ self: assignmentSchema, mesh: meshSchema });
/** See {@link enrolAnswerSchema}. */
export type EnrolAnswer = z.infer<typeof enrolAnswerSchema>;

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

/**
 * Answer of `GET /v1/feed?since=REVISION`. `peers` are the records that changed after `since` (all of them when `full`);
 * the reader's own record is among them. A node is gone only when its number is in `removed`.
 */
export const feedAnswerSchema = z.object({
  /** Made once with the database; a different one means another mesh. */
  meshId: z.string().max(64),
  /** The revision that the reader has after taking this in; to be sent as the next `since`. */
  revision: z.int().min(0),
  /** True when `since` was 0, too old, or newer than what the controller has. */
  full: z.boolean(),
  peers: z.array(peerSchema),
  /** Numbers of nodes removed after `since` (of all ever removed when `full`). */
  removed: z.array(z.int()),
  mesh: meshSchema,
  /** Left out when it did not change after `since`; what the reader has stays. */
  routePolicy: routePolicySchema.optional(),
});
/** See {@link feedAnswerSchema}. */
export type FeedAnswer = z.infer<typeof feedAnswerSchema>;

/** Body of every error answer (RFC 9457). `code` is stable, for programs; `detail` is one sentence for people. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
});
/** See {@link problemSchema}. */
export type Problem = z.infer<typeof problemSchema>;

/** Body of `POST /v1/tokens` (admin). */
export const tokenRequestSchema = z.object({
  /** Spent by one completed enrolment. */
  once: z.boolean().default(false),
  /** Seconds until it expires; null for never. */
  ttlS: z.int().min(1).nullable().default(null),
  note: z.string().max(200).default(""),
  /** The only host name it may enrol; null for any. */
  name: hostNameSchema.nullable().default(null),
});
/** See {@link tokenRequestSchema}. */
export type TokenRequest = z.infer<typeof tokenRequestSchema>;

/** Answer to `POST /v1/tokens`: the only time the token is shown. */
export const tokenAnswerSchema = z.object({
  id: z.int(),
  token: z.string(),
  /** Fingerprint of the CA that agents pin with `--controller-ca`; null when the controller has none of its own. */
  ca: z.string().nullable(),
});
/** See {@link tokenAnswerSchema}. */
export type TokenAnswer = z.infer<typeof tokenAnswerSchema>;

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

/** One row of `GET /v1/nodes` (admin). */
export const nodeRowSchema = z.object({
  peer: peerSchema,
  /** RFC 3339. */
  enrolledAt: z.string(),
  /** RFC 3339 time of the last request from it; null when none since the controller started. */
  lastSeen: z.string().nullable(),
  status: nodeStatusSchema.nullable(),
  /** RFC 3339 time since which its secret is in use; only told of one node. */
  secretSince: z.string().nullable().optional(),
  /** RFC 3339 time at which an operator asked it for a new secret; null when that is done. Only told of one node. */
  secretAskedAt: z.string().nullable().optional(),
});
/** See {@link nodeRowSchema}. */
export type NodeRow = z.infer<typeof nodeRowSchema>;

/** Answer of `GET /v1/nodes/{name}`: a node, or a name that is kept free for one with what it will get. */
export const nodeAnswerSchema = z.union([
  nodeRowSchema,
  z.object({ reserved: assignmentSchema }),
]);
/** See {@link nodeAnswerSchema}. */
export type NodeAnswer = z.infer<typeof nodeAnswerSchema>;

/** One row of `GET /v1/tokens` (admin); the token itself is never shown again. */
export const tokenRowSchema = z.object({
  id: z.int(),
  /** First six hexadecimal digits, to recognise it by. */
  prefix: z.string(),
  once: z.boolean(),
  note: z.string(),
  name: hostNameSchema.nullable(),
  /** Enrolments that it completed. */
  uses: z.int(),
  /** RFC 3339 times; null for never. */
  createdAt: z.string(),
  lastUsedAt: z.string().nullable(),
  expiresAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  /** Whether it can still enrol a node, or why not. */
  state: z.enum(["valid", "spent", "expired", "revoked"]),
});
/** See {@link tokenRowSchema}. */
export type TokenRow = z.infer<typeof tokenRowSchema>;

/** Answer of `GET /v1/tokens`. */
export const tokensAnswerSchema = z.object({ tokens: z.array(tokenRowSchema) });
/** See {@link tokensAnswerSchema}. */
export type TokensAnswer = z.infer<typeof tokensAnswerSchema>;

/** Answer of `GET /v1/nodes` (admin). */
export const nodesAnswerSchema = z.object({
  nodes: z.array(nodeRowSchema),
  /** Names that `node add` keeps free, with what they will get; they have not enrolled yet. */
  reserved: z.array(assignmentSchema),
  /** The pools that new nodes get their addresses from. */
  pools: meshSchema,
  revision: z.int(),
});
/** See {@link nodesAnswerSchema}. */
export type NodesAnswer = z.infer<typeof nodesAnswerSchema>;

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
  /** By node and prefix, at most {@link MAX_TOLD_ROUTES}. */
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

/** What `node add` reserves and `node set` changes; what is left out is chosen (add) or stays (set). */
export const nodeChangeSchema = z.object({
  asn: assignmentSchema.shape.asn.optional(),
  addresses: assignmentSchema.shape.addresses.optional(),
  tunnelAddress: assignmentSchema.shape.tunnelAddress.optional(),
  tunnelAddress6: assignmentSchema.shape.tunnelAddress6,
});
/** See {@link nodeChangeSchema}. */
export type NodeChange = z.infer<typeof nodeChangeSchema>;

/** Body of `POST /v1/nodes` (admin). */
export const nodeAddRequestSchema = nodeChangeSchema.extend({ name: hostNameSchema });
/** See {@link nodeAddRequestSchema}. */
export type NodeAddRequest = z.infer<typeof nodeAddRequestSchema>;

/** Answer that shows the assignment of one node. */
export const assignmentAnswerSchema = z.object({ self: assignmentSchema });
/** See {@link assignmentAnswerSchema}. */
export type AssignmentAnswer = z.infer<typeof assignmentAnswerSchema>;

/** Body of `POST /v1/node/secret`: the secret that the node will use from now on. The old one works until the new one was used. */
export const secretRequestSchema = z.object({ secret: nodeSecretSchema });
/** See {@link secretRequestSchema}. */
export type SecretRequest = z.infer<typeof secretRequestSchema>;

/** One row of `GET /v1/audit` (admin): who did what, when, from where. */
export const auditRowSchema = z.object({
  id: z.int(),
  /** RFC 3339. */
  at: z.string(),
  /** Address the request came from; empty for what the controller did by itself. */
  source: z.string(),
  /** `admin`, `node NAME`, `token ID` or `controller`. */
  actor: z.string(),
  /** For example `node.enrol`, `node.remove`, `token.create`, `password.wrong`. */
  action: z.string(),
  subject: z.string(),
  detail: z.string(),
});
/** See {@link auditRowSchema}. */
export type AuditRow = z.infer<typeof auditRowSchema>;

/** Answer of `GET /v1/audit`, newest first. */
export const auditAnswerSchema = z.object({ entries: z.array(auditRowSchema) });
/** See {@link auditAnswerSchema}. */
export type AuditAnswer = z.infer<typeof auditAnswerSchema>;

/** Answer of calls that have nothing to tell. */
export const doneSchema = z.object({ done: z.literal(true) });
/** See {@link doneSchema}. */
export type Done = z.infer<typeof doneSchema>;

/** Answer of `/healthz` and `/readyz`; `waitingFor` names what is not ready. */
export const healthSchema = z.object({ ok: z.boolean(), waitingFor: z.array(z.string()) });
/** See {@link healthSchema}. */
export type Health = z.infer<typeof healthSchema>;
