import { z } from "zod";
import { meshSchema } from "./enrolment_api.ts";
import { assignmentSchema, hostNameSchema, peerSchema } from "./node.ts";
import { nodeStatusSchema } from "./node_status.ts";

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
