import type { Peer } from "../model/node.ts";
import { type Family, familyOf } from "../model/address.ts";
import { parsePrefix, partsOf, type Prefix } from "../model/prefix.ts";
import type { Route, Rule } from "./host_state.ts";
import { linkLocalOf, vxlanMac } from "./names.ts";
import type { Neighbour } from "./topology.ts";

/** Tables that default routes to gathering nodes are put into, one a node. */
export const GATHERING_TABLES = { first: 532, last: 599 } as const;

/** Before this rule only routes longer than the default are looked up, so that local and overlay destinations win. */
export const SPECIFIC_FIRST_PRIORITY = 5199;

/** Priority of the rule of a range as long as an address; shorter ranges come after longer ones. */
export const GATHERING_PRIORITY = 5200;

/** What choosing gatherers needs. */
export interface GatheringInput {
  readonly selfNumber: number;
  /** Ranges that this node gathers itself: their packets leave here. */
  readonly ownRanges: readonly Prefix[];
  readonly near: readonly Neighbour[];
  /** Numbers of peers that can be reached now. */
  readonly live: ReadonlySet<number>;
  /** Round trip to peers, milliseconds, where it was measured. */
  readonly rttMs: ReadonlyMap<number, number>;
  /** Tables that the ranges use now: a gatherer is left only for one that is clearly nearer. */
  readonly current: ReadonlyMap<Prefix, number>;
}

/** What gathering wants of a host. */
export interface Gathering {
  readonly rules: readonly Rule[];
  readonly routes: readonly Route[];
}

/** The default route of a family. */
export function defaultPrefix(family: Family): Prefix {
  return parsePrefix(family === 4 ? "0.0.0.0/0" : "::/0");
}

/**
 * The table of each gathering node: the same for the same set of nodes, and as a rule also when others come and go.
 * Nodes for which there is no table left are not in the answer.
 */
export function gatheringTables(numbers: readonly number[]): ReadonlyMap<number, number> {
  const { first, last } = GATHERING_TABLES;
  const count = last - first + 1;
  const used = new Map<number, number>();
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    for (let tries = 0; tries < count; tries++) {
      const table = first + (number + tries) % count;
      if ([...used.values()].includes(table)) continue;
      used.set(number, table);
      break;
    }
  }
  return used;
}

interface Choice {
  readonly number: number;
  readonly table: number;
  readonly rtt: number;
}

/** Another gatherer must be nearer than the present one by a third and 2 ms, or ranges would swing with every measurement. */
function isClearlyNearer(other: Choice, present: Choice): boolean {
  return other.rtt * 4 / 3 + 2 < present.rtt;
}

function choose(choices: readonly Choice[], currentTable: number | undefined): Choice | undefined {
  const best = choices.toSorted((a, b) => a.rtt - b.rtt || a.number - b.number)[0];
  const present = choices.find((c) => c.table === currentTable);
  return best === undefined || present === undefined || isClearlyNearer(best, present)
    ? best
    : present;
}

function priorityOf(range: Prefix): number {
  const { length, family } = partsOf(range);
  return GATHERING_PRIORITY + (family === 4 ? 32 - length : (128 - length) >> 1);
}

function defaultRoute(
  family: Family,
  neighbour: Neighbour,
  more: { table: number; self: number },
): Route {
  const { tunnel, peer } = neighbour;
  const route = { dst: defaultPrefix(family), dev: tunnel.name, table: more.table };
  // A GRE tunnel has one other end; a VXLAN is an Ethernet, where the next hop has to be named.
  return tunnel.shape.kind === "vxlan"
    ? { ...route, via: linkLocalOf(vxlanMac(peer.number, more.self)) }
    : route;
}

/**
 * Rules and routes that take packets from gathered ranges to the nearest live node that gathers them. A range without a
 * live gatherer has no rule: its packets go where they would without meshover.
 */
export function planGathering(input: GatheringInput): Gathering {
  const gatherers = input.near.filter((n) => n.peer.gathers.length > 0);
  const tables = gatheringTables(gatherers.map((n) => n.peer.number));
  const ranges = new Set(
    gatherers.flatMap((n) => n.peer.gathers).filter((r) => !input.ownRanges.includes(r)),
  );
  const rules: Rule[] = [];
  const routes = new Map<string, Route>();
  for (const range of [...ranges].sort()) {
    const able = gatherers.filter((n) =>
      n.peer.gathers.includes(range) && input.live.has(n.peer.number)
    );
    const choices = able.flatMap(({ peer: { number } }): Choice[] => {
      const table = tables.get(number);
      return table === undefined
        ? []
        : [{ number, table, rtt: input.rttMs.get(number) ?? Infinity }];
    });
    const chosen = choose(choices, input.current.get(range));
    if (chosen === undefined) continue;
    const family = familyOf(range);
    rules.push({
      family,
      priority: priorityOf(range),
      from: range,
      table: chosen.table,
      specificOnly: false,
    });
    const neighbour = able.find((n) => n.peer.number === chosen.number)!;
    const route = defaultRoute(family, neighbour, { table: chosen.table, self: input.selfNumber });
    routes.set(`${chosen.table} ${route.dst}`, route);
  }
  const families = [...new Set(rules.map((r) => r.family))].sort();
  const first = families.map((family): Rule => ({
    family,
    priority: SPECIFIC_FIRST_PRIORITY,
    from: undefined,
    table: MAIN_TABLE,
    specificOnly: true,
  }));
  return { rules: [...first, ...rules], routes: [...routes.values()] };
}

/** Number of the kernel's main routing table. */
export const MAIN_TABLE = 254;

/** Of these nodes, those that gather a range which another of them gathers too. */
export function contested(peers: readonly Peer[]): readonly Peer[] {
  const counts = new Map<Prefix, number>();
  for (const range of peers.flatMap((p) => p.gathers)) {
    counts.set(range, (counts.get(range) ?? 0) + 1);
  }
  return peers.filter((p) => p.gathers.some((range) => counts.get(range)! > 1));
}
