import type { NodeStatus } from "../model/node_status.ts";
import { isFresh, runsBgp } from "../plan/judge_status.ts";
import type { Cell } from "./table.ts";
import { bytes, seconds } from "./units.ts";

/** A node's peers as rows, the heading first; what is not well is coloured. */
export function peerRows(status: NodeStatus): Cell[][] {
  const bgp = runsBgp(status);
  const rows = status.peers.map((peer): Cell[] => {
    const handshake = peer.handshakeAgeS === null ? "never" : seconds(peer.handshakeAgeS);
    const session = peer.bgp ?? "-";
    return [
      peer.name,
      peer.tunnel,
      peer.endpoint ?? "-",
      isFresh(peer) ? handshake : { text: handshake, tone: "bad" },
      !bgp ? session : { text: session, tone: session === "Established" ? "good" : "warn" },
      `${peer.prefixesReceived ?? "-"}/${peer.prefixesSent ?? "-"}`,
      bytes(peer.rxBytes),
      bytes(peer.txBytes),
    ];
  });
  return [["PEER", "TUNNEL", "ENDPOINT", "HANDSHAKE", "BGP", "ROUTES IN/OUT", "RX", "TX"], ...rows];
}
