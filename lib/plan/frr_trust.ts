import type { RouteDecision, RouteVerdict } from "../model/route_policy.ts";
import { entryLines, listLines } from "./frr_entry.ts";
import { groupAddresses, groupEntries, groupPaths, groupsOf, ownerEntries } from "./frr_groups.ts";
import { type FrrTrust, originPattern } from "./frr_origin.ts";

/** Places of the entries in the route map, after those of `frr_groups.ts`; what comes first wins. FRR has room up to 65,535. */
const ENTRY = { node: 10_000, all: 63_000, rest: 65_000 } as const;
/** Nodes with decisions have four entries each; numbers beyond share the places that are free. */
const NODE_SLOTS = 13_000;

/**
 * Other nodes up to which an open mesh checks whose addresses are announced. That takes about five lines for each, which FRR 8.4
 * needed 11 s for when it got those of 500 at once, and which it lists at every look of the agent. Approval is enforced in
 * meshes of any size.
 */
export const MAX_CHECKED_NODES = 1000;

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
    const from = `bgp as-path access-list ${path} permit ${originPattern([asn], trust)}`;
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
  const all = groupsOf(trust.origins);
  const checked = isOpen && trust.origins.length > MAX_CHECKED_NODES ? [] : all;
  const forNodes = decidedForNodes(trust);
  const forAll = decided(trust.decisions.filter(({ node }) => node === null), {
    place: ENTRY.all,
    suffix: "",
  });
  const denies = trust.decisions.some(({ verdict }) => verdict === "denied");
  const owners = isOpen && !denies ? [] : all.filter(({ place }) => place === 0);
  return [
    // All prefix lists together: FRR 8.4 checks its whole configuration where another kind of command comes between them.
    ...[...new Set([...checked, ...owners])].flatMap(groupAddresses),
    ...checked.flatMap((group) => groupPaths(group, trust)),
    ...forNodes.lists,
    ...forAll.lists,
    ...checked.flatMap(groupEntries),
    ...owners.flatMap(ownerEntries),
    ...forNodes.entries,
    ...forAll.entries,
    `route-map meshover-trust ${isOpen ? "permit" : "deny"} ${ENTRY.rest + (isOpen ? 0 : 1)}`,
    "exit",
    "",
  ].join("\n");
}
