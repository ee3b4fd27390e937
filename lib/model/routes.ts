import { z } from "zod";
import { auditAnswerSchema } from "./audit_api.ts";
import { enrolAnswerSchema, enrolRequestSchema, secretRequestSchema } from "./enrolment_api.ts";
import { feedAnswerSchema } from "./feed_api.ts";
import { nodeStatusSchema, statusAnswerSchema } from "./node_status.ts";
import {
  assignmentAnswerSchema,
  nodeAddRequestSchema,
  nodeAnswerSchema,
  nodeChangeSchema,
  nodesAnswerSchema,
} from "./nodes_api.ts";
import { doneSchema, healthSchema } from "./problem.ts";
import { routeDecisionRequestSchema, routesAnswerSchema } from "./routes_api.ts";
import { tokenAnswerSchema, tokenRequestSchema, tokensAnswerSchema } from "./tokens_api.ts";
import { hostNameSchema, nodeReportSchema } from "./node.ts";

/** What a caller shows: nothing, an agent token, a node's secret (both bearer), or the admin password (basic). */
export type CredentialKind = "none" | "token" | "node" | "admin";

/** One call of the controller's API: the contract that server, client and the API description share. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path with parameters in braces, as OpenAPI writes it. */
  readonly path: string;
  readonly credential: CredentialKind;
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
}

/** Ties the types of a route's schemas to it. */
function route<const R extends Route>(contract: R): R {
  return contract;
}

const nameParams = z.object({ name: hostNameSchema });
const idParams = z.object({ id: z.coerce.number().int().min(1).max(2 ** 31) });
const sinceQuery = z.object({
  since: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
});
const limitQuery = z.object({ limit: z.coerce.number().int().min(1).max(10_000).default(100) });

/** Every call under `/v1`, and the two probes. */
export const ROUTES = {
  enrol: route({
    method: "POST",
    path: "/v1/enrol",
    credential: "token",
    summary: "Bind a host name to a node secret and give it its addresses; safe to repeat",
    body: enrolRequestSchema,
    answer: enrolAnswerSchema,
  }),
  report: route({
    method: "PUT",
    path: "/v1/node",
    credential: "node",
    summary: "Replace what the node told about itself",
    body: nodeReportSchema,
    answer: enrolAnswerSchema,
  }),
  rotateSecret: route({
    method: "POST",
    path: "/v1/node/secret",
    credential: "node",
    summary: "Change the node's secret; the old one works until the new one was used",
    body: secretRequestSchema,
    answer: doneSchema,
  }),
  feed: route({
    method: "GET",
    path: "/v1/feed",
    credential: "node",
    summary: "Wait for a revision newer than `since` and get what changed",
    query: sinceQuery,
    answer: feedAnswerSchema,
  }),
  status: route({
    method: "POST",
    path: "/v1/status",
    credential: "node",
    summary: "Tell what the node sees of itself and its peers",
    body: nodeStatusSchema,
    answer: statusAnswerSchema,
  }),
  nodes: route({
    method: "GET",
    path: "/v1/nodes",
    credential: "admin",
    summary: "All nodes, with their last status",
    answer: nodesAnswerSchema,
  }),
  node: route({
    method: "GET",
    path: "/v1/nodes/{name}",
    credential: "admin",
    summary: "One node with its last status, or what a reserved name will get",
    params: nameParams,
    answer: nodeAnswerSchema,
  }),
  addNode: route({
    method: "POST",
    path: "/v1/nodes",
    credential: "admin",
    summary: "Reserve a name, and addresses for it, before it enrols",
    body: nodeAddRequestSchema,
    answer: assignmentAnswerSchema,
  }),
  setNode: route({
    method: "PATCH",
    path: "/v1/nodes/{name}",
    credential: "admin",
    summary: "Change a node's addresses or AS number",
    params: nameParams,
    body: nodeChangeSchema,
    answer: assignmentAnswerSchema,
  }),
  removeNode: route({
    method: "DELETE",
    path: "/v1/nodes/{name}",
    credential: "admin",
    summary: "Remove a node and revoke its secret; its addresses rest in quarantine",
    params: nameParams,
    answer: doneSchema,
  }),
  resetNode: route({
    method: "POST",
    path: "/v1/nodes/{name}/reset",
    credential: "admin",
    summary: "Forget a node's secret so that the name can enrol again and keep its addresses",
    params: nameParams,
    answer: doneSchema,
  }),
  rotateNode: route({
    method: "POST",
    path: "/v1/nodes/{name}/rotate",
    credential: "admin",
    summary: "Ask a node to make a new secret; it does so when it hears of it",
    params: nameParams,
    answer: doneSchema,
  }),
  routes: route({
    method: "GET",
    path: "/v1/routes",
    credential: "admin",
    summary: "Whose routes are taken: the policy, what was decided, what waits for a decision",
    answer: routesAnswerSchema,
  }),
  decideRoute: route({
    method: "POST",
    path: "/v1/routes",
    credential: "admin",
    summary: "Approve or deny a prefix, of one node or of all, or take that back",
    body: routeDecisionRequestSchema,
    answer: doneSchema,
  }),
  createToken: route({
    method: "POST",
    path: "/v1/tokens",
    credential: "admin",
    summary: "Make an agent token",
    body: tokenRequestSchema,
    answer: tokenAnswerSchema,
  }),
  tokens: route({
    method: "GET",
    path: "/v1/tokens",
    credential: "admin",
    summary: "All agent tokens, without the tokens",
    answer: tokensAnswerSchema,
  }),
  revokeToken: route({
    method: "DELETE",
    path: "/v1/tokens/{id}",
    credential: "admin",
    summary: "Revoke an agent token; nodes that it enrolled stay",
    params: idParams,
    answer: doneSchema,
  }),
  audit: route({
    method: "GET",
    path: "/v1/audit",
    credential: "admin",
    summary: "Who did what, newest first",
    query: limitQuery,
    answer: auditAnswerSchema,
  }),
  healthz: route({
    method: "GET",
    path: "/healthz",
    credential: "none",
    summary: "Whether the process lives",
    answer: healthSchema,
  }),
  readyz: route({
    method: "GET",
    path: "/readyz",
    credential: "none",
    summary: "Whether it can serve, and what it waits for",
    answer: healthSchema,
  }),
} as const satisfies Record<string, Route>;

/** Names of the calls. */
export type RouteName = keyof typeof ROUTES;
