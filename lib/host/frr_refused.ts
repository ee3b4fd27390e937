import { z } from "zod";
import { type Prefix, tryParsePrefix } from "../model/prefix.ts";

/** A route that a peer sent and that was not let in. */
export interface RefusedRoute {
  /** Device that it came over. */
  readonly tunnel: string;
  readonly prefix: Prefix;
  /** AS numbers, the peer's first, the origin's last. */
  readonly path: readonly number[];
}

const answerSchema = z.object({
  receivedRoutes: z.record(z.string(), z.object({ path: z.string().default("") })).default({}),
});

/** The two commands that tell what was refused of one peer; they need `soft-reconfiguration inbound`. */
export function showRefused(tunnel: string): readonly string[] {
  return ["ipv4", "ipv6"].map((family) =>
    `show bgp ${family} unicast neighbors ${tunnel} filtered-routes json`
  );
}

/** Answers of several commands: FRR 8.4 writes them over many lines, 10 in one line each. */
export function splitAnswers(shown: string): readonly string[] {
  return shown.split(/^(?=\{)/m).filter((answer) => answer.startsWith("{"));
}

/**
 * Reads one answer. What came back to where it began (`ownAsn` is in its path) is left out: every BGP speaker drops
 * that, and every peer sends it. None for an answer of another form, such as for a peer that is gone.
 */
export function parseRefused(
  answer: string,
  options: { tunnel: string; ownAsn: number },
): readonly RefusedRoute[] {
  const parsed = answerSchema.safeParse(JSON.parse(answer));
  if (!parsed.success) return [];
  return Object.entries(parsed.data.receivedRoutes).flatMap(([text, { path: words }]) => {
    const prefix = tryParsePrefix(text);
    const path = words.split(" ").map(Number).filter((asn) => Number.isInteger(asn) && asn > 0);
    if (prefix === undefined || path.includes(options.ownAsn)) return [];
    return [{ tunnel: options.tunnel, prefix, path }];
  });
}
