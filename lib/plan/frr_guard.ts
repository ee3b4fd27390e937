import { InputError } from "../model/errors.ts";
import { calledTemplate } from "./frr_template.ts";
import { type PrefixRange, rangesOf } from "./frr_ranges.ts";

/** Names that meshover's own part of the configuration defines, so that a template may use but not define them. */
const GUARDED = [
  "ip prefix-list meshover-never",
  "ipv6 prefix-list meshover-never6",
  "route-map meshover-guard",
  "route-map meshover-trust",
] as const;

/** Lists that the route map `meshover-trust` is made of. */
const TRUST_LISTS =
  /^((ip|ipv6) prefix-list|bgp as-path access-list) meshover-(at|not|from|approved|denied)\b/;

/** Commands that would take zebra's filter away from the guard. */
const PROTOCOL_FILTER = /^(no\s+)?(ip|ipv6)\s+protocol\s+(bgp|any)\b/;

/**
 * The part of the configuration that no template can leave out: zebra puts no BGP route into the kernel that could carry
 * the overlay's own packets, whatever the route maps of bgpd let through. The prefix lists are what the shipped templates
 * filter announcements with as well.
 */
export function guardText(never: readonly PrefixRange[]): string {
  return [
    ...rangesOf(4, never).map((range) => `ip prefix-list meshover-never permit ${range}`),
    ...rangesOf(6, never).map((range) => `ipv6 prefix-list meshover-never6 permit ${range}`),
    "route-map meshover-guard deny 10",
    " match ip address prefix-list meshover-never",
    "exit",
    "route-map meshover-guard deny 20",
    " match ipv6 address prefix-list meshover-never6",
    "exit",
    "route-map meshover-guard permit 30",
    "exit",
    "ip protocol bgp route-map meshover-guard",
    "ipv6 protocol bgp route-map meshover-guard",
    "",
  ].join("\n");
}

function redefines(line: string): boolean {
  const words = line.replace(/^no\s+/, "").replaceAll(/\s+/g, " ");
  return GUARDED.some((name) => words === name || words.startsWith(`${name} `)) ||
    TRUST_LISTS.test(words) || PROTOCOL_FILTER.test(line);
}

/** Refuses a rendered template that defines what is meshover's own. @throws {InputError} naming the line. */
export function checkLeavesGuard(rendered: string, path?: string): void {
  rendered.split("\n").forEach((raw, index) => {
    const line = raw.trim();
    if (!redefines(line)) return;
    throw new InputError(
      `Cannot use ${calledTemplate(path)}: it sets "${line}" (line ${
        index + 1
      } of what it renders to); that is meshover's own guard, ` +
        `which keeps the overlay from carrying its own packets; use another name`,
    );
  });
}
