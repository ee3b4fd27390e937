import type { RefusedRoute } from "../model/node_routes.ts";
import type { NodeRow } from "../model/nodes_api.ts";
import type { RoutesAnswer } from "../model/routes_api.ts";
import { partsOf, type Prefix } from "../model/prefix.ts";
import type { RouteJudge, RouteState } from "./route_state.ts";
import { sortKey, spanOf } from "./span.ts";

/** A node that did not let a route in. */
export interface RefusedBy {
  readonly node: string;
  /** Name of the node in which the route began, or `AS` and a number; null when it was not told. */
  readonly origin: string | null;
  readonly why: string;
}

/** A prefix of the overlay. */
export interface MeshRoute {
  readonly prefix: Prefix;
  /** Names of the nodes that announce it. */
  readonly announcedBy: readonly string[];
  /** How many nodes use it. */
  readonly acceptedBy: number;
  /** What the other nodes make of it, by the name of who announces it. */
  readonly states: Readonly<Record<string, RouteState>>;
  /** Nodes that it was sent to and that did not let it in. */
  readonly refusedBy: readonly RefusedBy[];
}

/** Builds up a {@link MeshRoute}. */
interface Gathered {
  readonly announcedBy: string[];
  acceptedBy: number;
  readonly states: Record<string, RouteState>;
  readonly refusedBy: RefusedBy[];
}

/** The routes of the whole mesh as its nodes told them, sorted by address, IPv4 first. */
export function routeTable(rows: readonly NodeRow[], judge: RouteJudge): MeshRoute[] {
  const routes = new Map<Prefix, Gathered>();
  const of = (prefix: Prefix) => {
    const known = routes.get(prefix) ??
      { announcedBy: [], acceptedBy: 0, states: {}, refusedBy: [] };
    routes.set(prefix, known);
    return known;
  };
  const names = new Map(rows.map(({ peer }) => [peer.asn as number, peer.name]));
  for (const { peer, status } of rows) {
    for (const prefix of status?.routes?.announced ?? []) {
      const route = of(prefix);
      route.announcedBy.push(peer.name);
      route.states[peer.name] = judge.stateOf(prefix, peer.number);
    }
    for (const { prefix } of status?.routes?.accepted ?? []) of(prefix).acceptedBy++;
    for (const refused of status?.routes?.refused ?? []) {
      const origin = originName(refused, names);
      of(refused.prefix).refusedBy.push({ node: peer.name, origin, why: refused.why });
    }
  }
  return [...routes].map(([prefix, told]) => ({ prefix, ...told, order: orderOf(prefix) }))
    .sort((a, b) => a.order < b.order ? -1 : 1)
    .map(({ order: _order, ...route }) => route);
}

/** Decisions on prefixes that nobody announces at the moment, nor anything inside them, by address. */
export function idleDecisions(
  routes: readonly MeshRoute[],
  { decisions }: Pick<RoutesAnswer, "decisions">,
): RoutesAnswer["decisions"] {
  const spans = routes.filter(({ announcedBy }) => announcedBy.length > 0)
    .map(({ prefix, announcedBy }) => ({ span: spanOf(prefix), announcedBy }));
  return decisions.filter(({ prefix, node }) => {
    const { family, first, last } = spanOf(prefix);
    return !spans.some(({ span, announcedBy }) =>
      span.family === family && first <= span.first && span.last <= last &&
      (node === null || announcedBy.includes(node))
    );
  }).sort((a, b) => orderOf(a.prefix) < orderOf(b.prefix) ? -1 : 1);
}

function originName(
  { origin }: RefusedRoute,
  names: ReadonlyMap<number, string>,
): string | null {
  return origin === null ? null : names.get(origin) ?? `AS ${origin}`;
}

function orderOf(prefix: Prefix): string {
  const { first, family } = spanOf(prefix);
  return `${sortKey(first, family)} ${String(partsOf(prefix).length).padStart(3, "0")}`;
}
