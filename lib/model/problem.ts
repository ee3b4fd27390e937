import { z } from "zod";

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

/** Answer of calls that have nothing to tell. */
export const doneSchema = z.object({ done: z.literal(true) });
/** See {@link doneSchema}. */
export type Done = z.infer<typeof doneSchema>;

/** Answer of `/healthz` and `/readyz`; `waitingFor` names what is not ready. */
export const healthSchema = z.object({ ok: z.boolean(), waitingFor: z.array(z.string()) });
/** See {@link healthSchema}. */
export type Health = z.infer<typeof healthSchema>;
