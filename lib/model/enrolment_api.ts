import { z } from "zod";
import { assignmentSchema, hostNameSchema, nodeReportSchema, prefixSchema } from "./node.ts";

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

/** Body of `POST /v1/node/secret`: the secret that the node will use from now on. The old one works until the new one was used. */
export const secretRequestSchema = z.object({ secret: nodeSecretSchema });
/** See {@link secretRequestSchema}. */
export type SecretRequest = z.infer<typeof secretRequestSchema>;
