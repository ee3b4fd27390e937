import { z } from "zod";
import { hostNameSchema } from "./node.ts";

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
