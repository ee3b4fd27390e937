import type { Prefix } from "../model/prefix.ts";
import { entryLines, listLines } from "./frr_entry.ts";
import { type FrrOrigin, type FrrTrust, originPattern } from "./frr_origin.ts";

/** Places of the entries in the route map: those that keep others out come before those that let owners in. */
const ADDRESS_ENTRY = 1_000;
const OWNER_ENTRY = 2_000;
/** After the entry of any node number. */
const LAST_SEQUENCE = 1_000_000;

/** Numbers of nodes are looked at digit by digit. */
const BASE = 16;
const PLACES = [0, 1, 2, 3, 4] as const;

/** Nodes whose numbers have the same digit at a place. */
export interface Group {
  /** Part of the names of its lists: place and digit. */
  readonly name: string;
  readonly place: number;
  readonly digit: number;
  readonly members: readonly FrrOrigin[];
}

/**
 * Groups by digit, for every place at which numbers differ. Two nodes are in different groups at one place at least, so
 * an address whose origin is outside of any group of its owner has another origin than its owner. That takes entries
 * for each digit in place of each node: FRR 8.4 checks its whole configuration for every line, and needed 8 s for the
 * entries of 50 nodes.
 */
export function groupsOf(origins: readonly FrrOrigin[]): readonly Group[] {
  return PLACES.flatMap((place) => {
    const byDigit = Map.groupBy(
      origins,
      ({ number }) => Math.floor(number / BASE ** place) % BASE,
    );
    if (place > 0 && byDigit.size < 2) return [];
    return [...byDigit].sort(([a], [b]) => a - b).map(([digit, members]) => ({
      name: `${place}${digit.toString(BASE)}`,
      place,
      digit,
      members: members.toSorted((a, b) => a.number - b.number),
    }));
  });
}

function addressesOf({ members }: Group): readonly Prefix[] {
  return members.flatMap(({ addresses }) => addresses);
}

/** Lists of a group: its addresses, and every path that began elsewhere. */
export function groupLists(group: Group, trust: FrrTrust): string[] {
  const path = `bgp as-path access-list meshover-not-${group.name} seq`;
  return [
    ...listLines(`meshover-at-${group.name}`, addressesOf(group)),
    ...group.members.map(({ number, asn }) =>
      `${path} ${number} deny ${originPattern(asn, trust)}`
    ),
    `${path} ${LAST_SEQUENCE} permit .*`,
  ];
}

/** Keeps others from a group's addresses. */
export function groupEntries({ name, place, digit, ...group }: Group): string[] {
  const at = ADDRESS_ENTRY + place * 100 + digit * 2;
  const lists = { prefixes: `meshover-at-${name}`, path: `meshover-not-${name}` };
  return entryLines(
    { verdict: "deny", place: at, ...lists },
    addressesOf({ name, place, digit, ...group }),
  );
}

/** Lets owners have their addresses, whatever is said of prefixes around them. */
export function ownerEntries({ name, digit, ...group }: Group): string[] {
  const entry = {
    verdict: "permit",
    place: OWNER_ENTRY + digit * 2,
    prefixes: `meshover-at-${name}`,
  } as const;
  return entryLines(entry, addressesOf({ name, digit, ...group }));
}
