import { z } from "zod";

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
