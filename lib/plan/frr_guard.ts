import { type Family, familyOf } from "../model/address.ts";
import { InputError } from "../model/errors.ts";
import { partsOf } from "../model/prefix.ts";
import { calledTemplate } from "./frr_template.ts";
import { formatRange, type PrefixRange, rangesOf } from "./frr_ranges.ts";

/** Names that meshover's own part of the configuration defines, so that a template may use but not define them. */
const GUARDED = ["route-map meshover-guard", "route-map meshover-trust"] as const;

/** The lists of the route map `meshover-guard`. */
const GUARD_LISTS = /^(ip prefix-list meshover-never|ipv6 prefix-list meshover-never6)(-\d+)? /;

/** Lists that the route map `meshover-trust` is made of. */
const TRUST_LISTS =
  /^((ip|ipv6) prefix-list|bgp as-path access-list) meshover-(at|not|from|approved|denied)\b/;

/** Commands that would take zebra's filter away from the guard. */
const PROTOCOL_FILTER = /^(no\s+)?(ip|ipv6)\s+protocol\s+(bgp|any)\b/;

/** Ranges in the first list of each family, which templates can name. */
const MAX_FIRST = 128;

/**
 * Lists that share the others. FRR 8.4 compares each new element of a list with all others of it: 800 elements in one list
 * took it 39 s, in lists of 20 they took 2.5 s.
 */
const FURTHER_LISTS = 64;

/** Places of the entries in the route map. */
const ENTRY = { first: 10, further: 100, rest: 1_000 } as const;

/** What the lists of one family hold. */
interface NeverLists {
  /** The shortest prefixes: what the list has that templates can name. */
  readonly first: readonly string[];
  /** The others, by the number of their list. */
  readonly further: ReadonlyMap<number, readonly string[]>;
}

/** FNV-1a (draft-eastlake-fnv), so that a range stays in its list whatever comes or goes. */
function listOf(range: string): number {
  let hash = 0x811c9dc5;
  for (const char of range) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return hash % FURTHER_LISTS;
}

/** The lists of one family that hold what is never carried. */
export function neverLists(family: Family, never: readonly PrefixRange[]): NeverLists {
  const byLength = never.filter(({ prefix }) => familyOf(prefix) === family)
    .toSorted((a, b) => partsOf(a.prefix).length - partsOf(b.prefix).length);
  const further = byLength.slice(MAX_FIRST).map(formatRange).sort();
  return {
    first: rangesOf(family, byLength.slice(0, MAX_FIRST)).sort(),
    further: new Map([...Map.groupBy(further, listOf)].sort(([a], [b]) => a - b)),
  };
}

/**
 * The part of the configuration that no template can leave out: zebra puts no BGP route into the kernel that could carry
 * the overlay's own packets, whatever the route maps of bgpd let through. The shipped templates call its route map
 * for announcements as well.
 */
export function guardText(never: readonly PrefixRange[]): string {
  const parts = ([4, 6] as const).map((family) => guardOf(family, neverLists(family, never)));
  return [
    ...parts.flatMap(({ lists }) => lists),
    ...parts.flatMap(({ entries }) => entries),
    `route-map meshover-guard permit ${ENTRY.rest}`,
    "exit",
    "ip protocol bgp route-map meshover-guard",
    "ipv6 protocol bgp route-map meshover-guard",
    "",
  ].join("\n");
}

function guardOf(family: Family, { first, further }: NeverLists) {
  const word = family === 4 ? "ip" : "ipv6";
  const name = family === 4 ? "meshover-never" : "meshover-never6";
  const list = (called: string, ranges: readonly string[]) =>
    ranges.map((range) => `${word} prefix-list ${called} permit ${range}`);
  const entry = (at: number, called: string) => [
    `route-map meshover-guard deny ${at + (family === 6 ? 1 : 0)}`,
    ` match ${word} address prefix-list ${called}`,
    "exit",
  ];
  const others = [...further].map(([number, ranges]) => ({
    called: `${name}-${number}`,
    at: ENTRY.further + number * 2,
    ranges,
  }));
  return {
    lists: [...list(name, first), ...others.flatMap((one) => list(one.called, one.ranges))],
    entries: [...entry(ENTRY.first, name), ...others.flatMap((one) => entry(one.at, one.called))],
  };
}

function redefines(line: string): boolean {
  const words = line.replace(/^no\s+/, "").replaceAll(/\s+/g, " ");
  return GUARDED.some((name) => words === name || words.startsWith(`${name} `)) ||
    GUARD_LISTS.test(`${words} `) || TRUST_LISTS.test(words) || PROTOCOL_FILTER.test(line);
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
