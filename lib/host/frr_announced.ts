import { z } from "zod";
import { tryParsePrefix } from "../model/prefix.ts";
import type { Prefix } from "../model/prefix.ts";

/**
 * Shows the routes whose AS path is empty: those that this node itself announces. FRR 8.4 does not know
 * `self-originate` yet.
 */
export const SHOW_ANNOUNCED = [
  "show bgp ipv4 unicast regexp ^$ json",
  "show bgp ipv6 unicast regexp ^$ json",
] as const;

const tableSchema = z.object({
  routes: z.record(z.string(), z.array(z.object({ valid: z.boolean().default(false) }))),
});

/** Prefixes in what FRR says to one of {@link SHOW_ANNOUNCED}; none when it has another form. */
export function parseAnnounced(text: string): readonly Prefix[] {
  const table = tableSchema.safeParse(parsed(text));
  if (!table.success) return [];
  return Object.entries(table.data.routes)
    .filter(([, paths]) => paths.some((path) => path.valid))
    .map(([prefix]) => tryParsePrefix(prefix))
    .filter((prefix) => prefix !== undefined);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
