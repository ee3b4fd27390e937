import type { Family } from "../model/address.ts";
import type { RouteDecision, RouteMode, RouteVerdict } from "../model/api.ts";
import type { Asn } from "../model/asn.ts";
import type { Prefix } from "../model/prefix.ts";
import { rangesOf, wholePrefixes } from "./frr_ranges.ts";

/** Another node, as far as its routes are concerned. */
export interface FrrOrigin {
  readonly number: number;
  readonly asn: Asn;
  /** Its own addresses: nobody else may announce anything inside them. */
  readonly addresses: readonly Prefix[];
}

/** Whose routes are taken. */
export interface FrrTrust {
  readonly mode: RouteMode;
  /** All other nodes. */
  readonly origins: readonly FrrOrigin[];
  readonly decisions: readonly RouteDecision[];
}

/** Places of the entries in the route map; what comes first wins. FRR has room up to 65,535. */
const ENTRY = { address: 1_000, owner: 2_000, node: 10_000, all: 63_000, rest: 65_000 } as const;
/** Nodes with decisions have four entries each; numbers beyond share the places that are free. */
const NODE_SLOTS = 13_000;
/** After the entry of any node number. */
const LAST_SEQUENCE = 1_000_000;

/** Numbers of nodes are looked at digit by digit. */
const BASE = 16;
const PLACES = [0, 1, 2, 3, 4] as const;

/**
 * Other nodes up to which an open mesh checks whose addresses are announced. FRR 8.4 needed 3 s for 100 and 10 s for 200, and
 * an agent that waits for FRR does nothing else. Approval is enforced in meshes of any size.
 */
export const MAX_CHECKED_NODES = 255;

const FAMILIES = [4, 6] as const;

/**
 * A path that began in this AS, or in a private one behind it (a router of the operator's that peers with the node).
 * Where nodes themselves have numbers of that kind, nothing may stand behind.
 */
function originPattern(asn: Asn, trust: FrrTrust): string {
  const hasPrivate = trust.origins.some((one) => one.asn >= 64_000 && one.asn <= 65_999);
  return `_${asn}${hasPrivate ? "" : "(_6[45][0-9][0-9][0-9])*"}$`;
}

function listLines(name: string, prefixes: readonly Prefix[]): string[] {
  const ranges = wholePrefixes(prefixes);
  return [
    ...rangesOf(4, ranges).map((range) => `ip prefix-list ${name} permit ${range}`),
    ...rangesOf(6, ranges).map((range) => `ipv6 prefix-list ${name} permit ${range}`),
  ];
}

interface Entry {
  readonly verdict: "permit" | "deny";
  readonly place: number;
  /** Name of the prefix lists, one of each family. */
  readonly prefixes: string;
  /** Name of an as-path list that has to match as well. */
  readonly path?: string;
}

/** An entry for each family of which the list has elements. */
function entryLines(entry: Entry, listed: readonly Prefix[]): string[] {
  return FAMILIES.filter((family) => listed.some((prefix) => isOf(prefix, family))).flatMap(
    (family) => [
      `route-map meshover-trust ${entry.verdict} ${entry.place + (family === 6 ? 1 : 0)}`,
      ...(entry.path === undefined ? [] : [` match as-path ${entry.path}`]),
      ` match ${family === 6 ? "ipv6" : "ip"} address prefix-list ${entry.prefixes}`,
      "exit",
    ],
  );
}

function isOf(prefix: Prefix, family: Family): boolean {
  return prefix.includes(":") === (family === 6);
}

/** Nodes whose numbers have the same digit at a place. */
interface Group {
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
function groupsOf(origins: readonly FrrOrigin[]): readonly Group[] {
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
function groupLists(group: Group, trust: FrrTrust): string[] {
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
function groupEntries({ name, place, digit, ...group }: Group): string[] {
  const at = ENTRY.address + place * 100 + digit * 2;
  const lists = { prefixes: `meshover-at-${name}`, path: `meshover-not-${name}` };
  return entryLines(
    { verdict: "deny", place: at, ...lists },
    addressesOf({ name, place, digit, ...group }),
  );
}

/** Lets owners have their addresses, whatever is said of prefixes around them. */
function ownerEntries({ name, digit, ...group }: Group): string[] {
  const entry = {
    verdict: "permit",
    place: ENTRY.owner + digit * 2,
    prefixes: `meshover-at-${name}`,
  } as const;
  return entryLines(entry, addressesOf({ name, digit, ...group }));
}

/**
 * Places of the entries of nodes. They follow from the node's number, so that a decision on one renumbers no other.
 */
function nodePlaces(numbers: readonly number[]): ReadonlyMap<number, number> {
  const taken = new Set<number>();
  const places = new Map<number, number>();
  for (const number of numbers.toSorted((a, b) => a - b)) {
    let slot = number % NODE_SLOTS;
    while (taken.has(slot)) slot = (slot + 1) % NODE_SLOTS;
    taken.add(slot);
    places.set(number, ENTRY.node + slot * 4);
  }
  return places;
}

/** What was decided for one node or for all, as lists and entries. */
interface Decided {
  readonly lists: readonly string[];
  readonly entries: readonly string[];
}

function decided(
  decisions: readonly RouteDecision[],
  where: { readonly place: number; readonly suffix: string; readonly path?: string },
): Decided {
  const of = (verdict: RouteVerdict) =>
    decisions.filter((one) => one.verdict === verdict).map(({ prefix }) => prefix);
  const path = where.path === undefined ? {} : { path: where.path };
  const parts = [
    { name: `meshover-denied${where.suffix}`, verdict: "deny", prefixes: of("denied"), step: 0 },
    {
      name: `meshover-approved${where.suffix}`,
      verdict: "permit",
      prefixes: of("approved"),
      step: 2,
    },
  ] as const;
  return {
    lists: parts.flatMap(({ name, prefixes }) => listLines(name, prefixes)),
    entries: parts.flatMap(({ name, verdict, prefixes, step }) =>
      entryLines({ verdict, place: where.place + step, prefixes: name, ...path }, prefixes)
    ),
  };
}

/** What was decided for single nodes; it counts more than what was decided for all. */
function decidedForNodes(trust: FrrTrust): Decided {
  const byNode = Map.groupBy(trust.decisions, ({ node }) => node);
  const nodes = trust.origins.filter(({ number }) => byNode.has(number))
    .toSorted((a, b) => a.number - b.number);
  const places = nodePlaces(nodes.map(({ number }) => number));
  const parts = nodes.map(({ number, asn }) => {
    const path = `meshover-from-${number}`;
    const { lists, entries } = decided(byNode.get(number)!, {
      place: places.get(number)!,
      suffix: `-${number}`,
      path,
    });
    const from = `bgp as-path access-list ${path} permit ${originPattern(asn, trust)}`;
    return { lists: [from, ...lists], entries };
  });
  return {
    lists: parts.flatMap(({ lists }) => lists),
    entries: parts.flatMap(({ entries }) => entries),
  };
}

/**
 * The route map `meshover-trust` and its lists: who may announce what. First, nobody has another node's addresses; then
 * what was decided for a node, then what was decided for all, a denial before an approval; what is left is taken in the
 * mode "open" only. No template can leave it out of the configuration, but a template says where it is called.
 */
export function trustText(trust: FrrTrust): string {
  const isOpen = trust.mode === "open";
  const tooMany = isOpen && trust.origins.length > MAX_CHECKED_NODES;
  const groups = tooMany ? [] : groupsOf(trust.origins);
  const forNodes = decidedForNodes(trust);
  const forAll = decided(trust.decisions.filter(({ node }) => node === null), {
    place: ENTRY.all,
    suffix: "",
  });
  const denies = trust.decisions.some(({ verdict }) => verdict === "denied");
  const owners = isOpen && !denies ? [] : groups.filter(({ place }) => place === 0);
  return [
    ...groups.flatMap((group) => groupLists(group, trust)),
    ...forNodes.lists,
    ...forAll.lists,
    ...groups.flatMap(groupEntries),
    ...owners.flatMap(ownerEntries),
    ...forNodes.entries,
    ...forAll.entries,
    `route-map meshover-trust ${isOpen ? "permit" : "deny"} ${ENTRY.rest + (isOpen ? 0 : 1)}`,
    "exit",
    "",
  ].join("\n");
}
