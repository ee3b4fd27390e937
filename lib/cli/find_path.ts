import type { ControllerClient } from "../client/controller_client.ts";
import { type IpAddress, tryParseAddress } from "../model/address.ts";
import type { NodeRow } from "../model/nodes_api.ts";
import { InputError } from "../model/errors.ts";
import { type HostName, tryParseHostName } from "../model/host_name.ts";
import { contains, hostOf, networkOf } from "../model/prefix.ts";
import { type TracedPath, tracePath } from "../plan/trace_path.ts";

/** Where a path begins and ends: names of nodes, or addresses. */
export interface PathEnds {
  readonly from: string;
  readonly to: string;
}

/**
 * Asks the controller for the way packets go now. Only of the nodes on the way, and of those that announce the
 * destination, the routes are asked.
 * @throws {InputError} when an end is neither a node nor an address.
 */
export async function findPath(client: ControllerClient, ends: PathEnds): Promise<TracedPath> {
  const { nodes } = await client.nodes();
  const from = nodeAt(nodes, ends.from);
  if (from === undefined) throw noEnd(ends.from, "a node, or an address of one");
  const address = addressOf(nodes, ends.to);
  const rows = new Map(nodes.map((row) => [row.peer.number, row]));
  // Every answer may name a node that was not asked yet; the path ends where nothing new is named.
  const asked = new Set<number>();
  while (true) {
    const path = tracePath(rows, rows.get(from.peer.number)!, address);
    const names = [
      path.from,
      ...path.hops.map((hop) => hop.to),
      ...path.announcers.map((a) => a.node),
    ];
    const next = nodes.filter(({ peer }) => names.includes(peer.name) && !asked.has(peer.number));
    if (next.length === 0) return await withAnnouncers(client, { path, rows, from, address });
    for (const { peer } of next) {
      asked.add(peer.number);
      rows.set(peer.number, await client.node(peer.name));
    }
  }
}

/** Behind which node a destination is that no way was found to: for that all are asked. */
async function withAnnouncers(
  client: ControllerClient,
  found: {
    readonly path: TracedPath;
    readonly rows: Map<number, NodeRow>;
    readonly from: NodeRow;
    readonly address: IpAddress;
  },
): Promise<TracedPath> {
  const { path, rows, from, address } = found;
  if (path.delivered !== null || path.announcers.length > 0) return path;
  for (const { peer } of [...rows.values()]) rows.set(peer.number, await client.node(peer.name));
  return tracePath(rows, rows.get(from.peer.number)!, address);
}

function nodeAt(nodes: readonly NodeRow[], text: string): NodeRow | undefined {
  const address = tryParseAddress(text);
  return address === undefined
    ? nodes.find(({ peer }) => peer.name === tryParseHostName(text))
    : nodes.find(({ peer }) => peer.addresses.some((own) => contains(networkOf(own), address)));
}

function addressOf(nodes: readonly NodeRow[], text: string): IpAddress {
  const address = tryParseAddress(text);
  if (address !== undefined) return address;
  const name: HostName | undefined = tryParseHostName(text);
  const row = nodes.find(({ peer }) => peer.name === name);
  if (row === undefined) throw noEnd(text, "a node, or any address");
  return hostOf(row.peer.addresses[0]!);
}

function noEnd(text: string, wanted: string): InputError {
  return new InputError(
    `"${text}" is not in this mesh: expected ${wanted}; see "meshover node list"`,
  );
}
