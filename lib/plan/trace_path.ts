import type { IpAddress } from "../model/address.ts";
import type { NodeRow } from "../model/nodes_api.ts";
import type { Peer, TunnelKind } from "../model/node.ts";
import { contains, networkOf, partsOf, type Prefix } from "../model/prefix.ts";
import { judgePeer, runsBgp } from "./judge_status.ts";
import { tunnelMtu } from "./mtu.ts";
import { tunnelName } from "./names.ts";
import { tunnelKindOf } from "./pair.ts";

/** One step of a packet from a node to the next. */
export interface Hop {
  readonly from: string;
  readonly to: string;
  /** Device that it leaves by. */
  readonly tunnel: string;
  readonly kind: TunnelKind | null;
  /** Bytes that fit through the tunnel. */
  readonly mtu: number | null;
  /** The route that is taken. */
  readonly prefix: Prefix;
  /** Others that it may go to as well, equally good. */
  readonly alternatives: readonly string[];
  /** Why the packet does not arrive at the next node; null when it does. */
  readonly trouble: string | null;
}

/** The way packets go. */
export interface TracedPath {
  readonly from: string;
  readonly address: IpAddress;
  readonly hops: readonly Hop[];
  /** Nodes that announce the destination, and with which prefix. */
  readonly announcers: readonly { readonly node: string; readonly prefix: Prefix }[];
  /** The node that takes the packet off the overlay; null when it does not get there. */
  readonly delivered: string | null;
  /** Why there is no way; null when there is one. */
  readonly reason: string | null;
  /** The smallest MTU on the way; null when it does not leave the node or is not known. */
  readonly mtu: number | null;
}

/** What is known of the mesh: every node by number, with its routes. */
export type Rows = ReadonlyMap<number, NodeRow>;

/** Follows a packet through the routes that the nodes told. */
export function tracePath(rows: Rows, from: NodeRow, address: IpAddress): TracedPath {
  const announcers = [...rows.values()].flatMap((row) => announcement(row, address));
  const hops: Hop[] = [];
  const end = (delivered: string | null, reason: string | null): TracedPath => ({
    from: from.peer.name,
    address,
    hops,
    announcers,
    delivered,
    reason,
    mtu: hops.reduce<number | null>(
      (least, { mtu }) => mtu === null ? least : Math.min(least ?? mtu, mtu),
      null,
    ),
  });
  const seen = new Set<number>();
  for (let row = from;;) {
    const { name, number } = row.peer;
    if (seen.has(number)) return end(null, `the packet goes in a circle: it comes back to ${name}`);
    seen.add(number);
    if (row.status === null) return end(null, `${name} is silent: nobody knows what it does`);
    if (row.status.routes === undefined) return end(null, `${name} has not told its routes`);
    const accepted = longest(row.status.routes.accepted, address);
    const own = announcement(row, address)[0];
    if (own !== undefined && lengthOf(own.prefix) >= lengthOf(accepted?.prefix)) {
      return end(name, null);
    }
    if (accepted === undefined) return end(null, whyNone({ row, announcers, rows, address }));
    const next = rows.get(accepted.via[0]!);
    if (next === undefined) {
      return end(null, `${name} sends it to node ${accepted.via[0]}, which left the mesh`);
    }
    hops.push(hopOf(row, next, { prefix: accepted.prefix, via: accepted.via, rows }));
    const { trouble } = hops.at(-1)!;
    if (trouble !== null) return end(null, trouble);
    row = next;
  }
}

function announcement(row: NodeRow, address: IpAddress): TracedPath["announcers"][number][] {
  const own = row.peer.addresses.map(networkOf);
  const told = row.status?.routes?.announced ?? [];
  const best = longest([...own, ...told].map((prefix) => ({ prefix })), address);
  return best === undefined ? [] : [{ node: row.peer.name, prefix: best.prefix }];
}

function longest<R extends { readonly prefix: Prefix }>(
  routes: readonly R[],
  address: IpAddress,
): R | undefined {
  return routes.filter(({ prefix }) => contains(prefix, address))
    .reduce<R | undefined>(
      (best, route) => lengthOf(route.prefix) > lengthOf(best?.prefix) ? route : best,
      undefined,
    );
}

function lengthOf(prefix: Prefix | undefined): number {
  return prefix === undefined ? -1 : partsOf(prefix).length;
}

function hopOf(
  row: NodeRow,
  next: NodeRow,
  route: { readonly prefix: Prefix; readonly via: readonly number[]; readonly rows: Rows },
): Hop {
  const kind = tunnelKindOf(row.peer, next.peer) ?? null;
  const underlay = Math.min(row.peer.underlayMtu, next.peer.underlayMtu);
  return {
    from: row.peer.name,
    to: next.peer.name,
    tunnel: tunnelName(next.peer.number),
    kind,
    mtu: kind === null ? null : tunnelMtu(underlay, kind),
    prefix: route.prefix,
    alternatives: route.via.slice(1).map((number) =>
      route.rows.get(number)?.peer.name ?? `node ${number}`
    ),
    trouble: linkTrouble(row, next.peer),
  };
}

/** Why packets from a node do not reach a peer; null when they do as far as the node knows. */
function linkTrouble(row: NodeRow, to: Peer): string | null {
  const told = row.status?.peers.find((peer) => peer.number === to.number);
  if (told === undefined) return `${row.peer.name} has no tunnel to ${to.name}`;
  const fault = judgePeer(told, { bgp: false });
  return fault === undefined
    ? null
    : `${row.peer.name} has no WireGuard handshake with ${to.name} (${fault.word})`;
}

interface NoRoute {
  readonly row: NodeRow;
  readonly announcers: TracedPath["announcers"];
  readonly rows: Rows;
  readonly address: IpAddress;
}

function whyNone({ row, announcers, rows, address }: NoRoute): string {
  const { name } = row.peer;
  if (announcers.length === 0) return `no node announces a route to ${address}`;
  const others = [...rows.values()].filter((other) =>
    announcers.some((a) => a.node === other.peer.name)
  );
  const sessions = others.map((other) => {
    if (other.status === null) return `${other.peer.name}, which announces it, is silent`;
    const told = row.status?.peers.find((peer) => peer.number === other.peer.number);
    if (told === undefined) return `it has no tunnel to ${other.peer.name}, which announces it`;
    const fault = judgePeer(told, { bgp: row.status !== null && runsBgp(row.status) });
    return fault === undefined
      ? `its session with ${other.peer.name}, which announces it, is up, but it does not use the route: a filter refuses it, or it came this moment`
      : `its link to ${other.peer.name}, which announces it, is down: ${
        fault.fault === "bgp-down" ? "BGP" : "handshake"
      } ${fault.word}`;
  });
  return `${name} has no route to ${address}: ${sessions.join("; ")}`;
}
