import type { Prefix } from "../model/prefix.ts";
import { entryLines, listLines } from "./frr_entry.ts";
import { type FrrOrigin, type FrrTrust, originPattern } from "./frr_origin.ts";

/** Places of the entries in the route map: those that keep others out come before those that let owners in. */
const ADDRESS_ENTRY = [1_000, 1_100] as const;
const OWNER_ENTRY = 8_000;
/** After the entry of any node number. */
const LAST_SEQUENCE = 1_000_000;

/** Numbers of nodes are two digits, so that up to a thousand nodes make lists of at most 32 elements. */
const BASE = 32;
const DIGITS = [(number: number) => number % BASE, (number: number) => Math.floor(number / BASE)];

/** AS numbers in one line of a list: those of so many consecutive node numbers. */
const NODES_A_LINE = BASE * BASE;

/** Nodes whose numbers have the same digit at a place. */
export interface Group {
  /** Part of the names of its lists: place and digit. */
  readonly name: string;
  readonly place: 0 | 1;
  readonly digit: number;
  readonly members: readonly FrrOrigin[];
}

/**
 * Groups by digit, for both places if numbers differ there. Two nodes are in different groups at one place at least, so
 * an address whose origin is outside of any group of its owner has another origin than its owner. That takes entries
 * for each digit in place of each node, and lists that stay short: FRR 8.4 compares each new element of a list with all
 * others of it (800 elements in one list took 39 s, in lists of 20 they took 2.5 s).
 */
export function groupsOf(origins: readonly FrrOrigin[]): readonly Group[] {
  return ([0, 1] as const).flatMap((place) => {
    const byDigit = Map.groupBy(origins, ({ number }) => DIGITS[place]!(number));
    if (place > 0 && byDigit.size < 2) return [];
    return [...byDigit].sort(([a], [b]) => a - b).map(([digit, members]) => ({
      name: `${place}-${digit}`,
      place,
      digit,
      members: members.toSorted((a, b) => a.number - b.number),
    }));
  });
}

function addressesOf({ members }: Group): readonly Prefix[] {
  return members.flatMap(({ addresses }) => addresses);
}

/** The addresses of a group. */
export function groupAddresses(group: Group): string[] {
  return listLines(`meshover-at-${group.name}`, addressesOf(group));
}

/** Every path that began outside of a group. */
export function groupPaths(group: Group, trust: FrrTrust): string[] {
  const path = `bgp as-path access-list meshover-not-${group.name} seq`;
  const lines = Map.groupBy(group.members, ({ number }) => Math.floor(number / NODES_A_LINE));
  return [
    ...[...lines].map(([line, members]) =>
      `${path} ${line + 1} deny ${originPattern(members.map(({ asn }) => asn), trust)}`
    ),
    `${path} ${LAST_SEQUENCE} permit .*`,
  ];
}

/** Keeps others from a group's addresses. */
export function groupEntries(group: Group): string[] {
  const { name, place, digit } = group;
  const at = ADDRESS_ENTRY[place] + digit * 2;
  const lists = { prefixes: `meshover-at-${name}`, path: `meshover-not-${name}` };
  return entryLines({ verdict: "deny", place: at, ...lists }, addressesOf(group));
}

/** Lets owners have their addresses, whatever is said of prefixes around them. */
export function ownerEntries(group: Group): string[] {
  const entry = {
    verdict: "permit",
    place: OWNER_ENTRY + group.digit * 2,
    prefixes: `meshover-at-${group.name}`,
  } as const;
  return entryLines(entry, addressesOf(group));
}
