import type { NodeRow } from "../model/api.ts";
import type { Prefix } from "../model/prefix.ts";
import { sortKey, spanOf } from "./span.ts";

/** A prefix of the overlay. */
export interface MeshRoute {
  readonly prefix: Prefix;
  /** Names of the nodes that announce it. */
  readonly announcedBy: readonly string[];
  /** How many nodes use it. */
  readonly acceptedBy: number;
}

/** The routes of the whole mesh as its nodes told them, sorted by address, IPv4 first. */
export function routeTable(rows: readonly NodeRow[]): MeshRoute[] {
  const routes = new Map<Prefix, { announcedBy: string[]; acceptedBy: number }>();
  const of = (prefix: Prefix) => {
    const known = routes.get(prefix) ?? { announcedBy: [], acceptedBy: 0 };
    routes.set(prefix, known);
    return known;
  };
  for (const { peer, status } of rows) {
    for (const prefix of status?.routes?.announced ?? []) of(prefix).announcedBy.push(peer.name);
    for (const { prefix } of status?.routes?.accepted ?? []) of(prefix).acceptedBy++;
  }
  return [...routes].map(([prefix, told]) => ({ prefix, ...told, order: orderOf(prefix) }))
    .sort((a, b) => a.order < b.order ? -1 : 1)
    .map(({ order: _order, ...route }) => route);
}

function orderOf(prefix: Prefix): string {
  const { first, last, family } = spanOf(prefix);
  return `${sortKey(first, family)} ${sortKey(last, family)}`;
}
