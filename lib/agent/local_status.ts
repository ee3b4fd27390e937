import { z } from "zod";
import { nodeStatusSchema } from "../model/node_status.ts";
import { StateError } from "../model/errors.ts";
import { StateDir } from "../host/state_dir.ts";

/** What an agent writes down for `meshover status` on its own machine. */
export const localStatusSchema = nodeStatusSchema.extend({
  asn: z.int(),
  addresses: z.array(z.string()),
  controller: z.object({
    url: z.string(),
    state: z.enum(["connecting", "connected", "lost", "removed"]),
    since: z.string(),
    reason: z.string().nullable(),
  }),
  /** RFC 3339 time of writing: later than `at` when the host could not be looked at since. */
  written: z.string(),
  /** The gravest thing said last, whether it is over or not. */
  lastError: z.object({ at: z.string(), message: z.string() }).nullable(),
});
/** See {@link localStatusSchema}. */
export type LocalStatus = z.infer<typeof localStatusSchema>;

/** Name of the file in the state directory. */
export const STATUS_FILE = "status.json";

/** Reads what the agent of this machine wrote last. @throws {StateError} when it has not written anything usable. */
export async function readLocalStatus(stateDir: string): Promise<LocalStatus> {
  const text = await new StateDir(stateDir).read(STATUS_FILE);
  if (text === undefined) {
    throw new StateError(
      `No agent has run with ${stateDir}: start "meshover agent", or name its --statedir`,
    );
  }
  try {
    return localStatusSchema.parse(JSON.parse(text));
  } catch {
    throw new StateError(
      `${stateDir}/${STATUS_FILE} is damaged; a running agent writes it anew within 10 s`,
    );
  }
}
