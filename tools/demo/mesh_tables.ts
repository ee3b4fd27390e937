import type { NodeFacts } from "./pair_facts.ts";
import { textTable } from "./text_table.ts";

/** The table of nodes and the table of pairs, as lines. */
export function meshTables(nodes: readonly NodeFacts[]): string[] {
  const order = nodes.map((node) => node.name);
  const nodeRows = nodes.map((
    node,
  ) => [node.name, node.address.v4, node.address.v6 ?? "", String(node.as)]);
  const pairRows = nodes.flatMap((node) => node.pairs)
    .filter((pair) => order.indexOf(pair.from) < order.indexOf(pair.to))
    .map((pair) => [
      `${pair.from} - ${pair.to}`,
      pair.handshakeAgeS === undefined ? "never" : `${Math.round(pair.handshakeAgeS)} s ago`,
      pair.bgp,
      milliseconds(pair.pingMs),
      milliseconds(pair.ping6Ms),
      pair.mtu === undefined ? "unknown" : String(pair.mtu),
    ]);
  return [
    ...textTable([["node", "IPv4 address", "IPv6 address", "AS number"], ...nodeRows]),
    "",
    ...textTable([["pair", "handshake", "BGP", "ping", "ping IPv6", "path MTU"], ...pairRows]),
  ];
}

function milliseconds(time: number | undefined): string {
  return time === undefined ? "none" : `${time} ms`;
}
