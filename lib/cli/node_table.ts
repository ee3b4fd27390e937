import type { NodeRow, NodesAnswer } from "../model/nodes_api.ts";
import { type Assignment, tunnelAddressesOf } from "../model/node.ts";
import { contains, hostPrefix, networkOf } from "../model/prefix.ts";
import type { Cell } from "./table.ts";

/** The rows of `meshover node list`, the heading first. `*` marks what lies in no pool that new nodes use. */
export function nodeTable(answer: NodesAnswer): Cell[][] {
  const rows = [
    ...answer.nodes.map((row) => ({ self: row.peer as Assignment, row })),
    ...answer.reserved.map((self) => ({ self, row: undefined })),
  ].sort((a, b) => a.self.number - b.self.number);
  const body = rows.map(({ self, row }): Cell[] => [
    String(self.number),
    self.name,
    String(self.asn),
    self.addresses.map((a) => a + mark(inPools(networkOf(a), answer.pools.nodePools))).join(" "),
    tunnelAddressesOf(self).map((a) => a + mark(inPools(hostPrefix(a), answer.pools.tunnelPools)))
      .join(" "),
    row === undefined ? "reserved" : stateOf(row),
  ]);
  return [["NO", "NAME", "AS", "ADDRESSES", "TUNNEL", "STATE"], ...body];
}

/** The lines of `meshover node show` for a name that has not enrolled. */
export function reservedDetails(self: Assignment): string[][] {
  return [
    ["name", self.name],
    ["state", "reserved: it has not enrolled yet"],
    ["number", String(self.number)],
    ["AS number", String(self.asn)],
    ["addresses", self.addresses.join(" ")],
    ["tunnel address", tunnelAddressesOf(self).join(" ")],
  ];
}

/** The lines of `meshover node show`: what it is, what it told. */
export function nodeDetails(row: NodeRow): string[][] {
  const { peer } = row;
  return [
    ["name", peer.name],
    ["number", String(peer.number)],
    ["AS number", String(peer.asn)],
    ["addresses", peer.addresses.join(" ")],
    ["tunnel address", tunnelAddressesOf(peer).join(" ")],
    ["public key", peer.publicKey],
    ["WireGuard", `${peer.wg}, port ${peer.port}`],
    ["candidates", peer.candidates.join(" ") || "none"],
    ["seen from", peer.seenAddress ?? "one of the candidates, or unknown"],
    ["tunnels", peer.tunnels.join(" ")],
    ["underlay MTU", String(peer.underlayMtu)],
    ["gathers", peer.gathers.join(" ") || "nothing"],
    ["version", peer.version],
    ["enrolled", row.enrolledAt],
    ["last seen", row.lastSeen ?? "not since the controller started"],
    ...(row.secretSince === undefined ? [] : [["secret", secretWords(row)]]),
    ["revision", String(peer.revision)],
  ];
}

function secretWords({ secretSince, secretAskedAt }: NodeRow): string {
  const since = `in use since ${secretSince ?? "an unknown time"}`;
  if (secretAskedAt === null || secretAskedAt === undefined) return since;
  return `${since}; asked for a new one at ${secretAskedAt}`;
}

function stateOf(row: NodeRow): Cell {
  if (row.status !== null) return { text: "up", tone: "good" };
  if (row.lastSeen === null) return { text: "not seen", tone: "dim" };
  return { text: `silent since ${row.lastSeen.slice(0, 19)}Z`, tone: "bad" };
}

function inPools(
  prefix: Parameters<typeof contains>[1],
  pools: NodesAnswer["pools"]["nodePools"],
): boolean {
  return pools.some((pool) => contains(pool, prefix));
}

function mark(isInPool: boolean): string {
  return isInPool ? "" : "*";
}
