import { z } from "zod";
import { meshSchema } from "./enrolment_api.ts";
import { peerSchema } from "./node.ts";
import { routePolicySchema } from "./route_policy.ts";

/** How long the controller holds a feed request open with nothing to say, seconds; proxies cut at 30 or 60. */
export const FEED_WAIT_S = 25;

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
