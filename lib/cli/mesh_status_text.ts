import type { NodesAnswer } from "../model/api.ts";
import { table } from "./table.ts";
import { seconds } from "./units.ts";

/** The mesh as a table of nodes, and one of pairs that are not well. */
export function meshStatusText(answer: NodesAnswer, nowMs: number): string {
  const rows = answer.nodes.map(({ peer, lastSeen, status }) => {
    const up = status?.peers.filter((p) => p.bgp === "Established").length ?? 0;
    return [
      peer.name,
      String(peer.number),
      String(peer.asn),
      peer.addresses.join(" "),
      lastSeen === null ? "never" : `${seconds((nowMs - Date.parse(lastSeen)) / 1000)} ago`,
      status === null ? "silent" : `${up}/${status.peers.length}`,
    ];
  });
  return table([["NODE", "NUMBER", "AS", "ADDRESSES", "SEEN", "BGP UP"], ...rows]);
}
