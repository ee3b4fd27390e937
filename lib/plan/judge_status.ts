import type { NodeStatus, PeerStatus } from "../model/node_status.ts";
import type { LinkFault } from "../model/mesh_view.ts";

/**
 * Seconds after which a handshake is stale. WireGuard makes a new one every 120 s while packets flow, which BGP's
 * keepalives see to, and gives a session up for dead after 180 s (REJECT_AFTER_TIME); the rest is for the way here.
 */
export const HANDSHAKE_STALE_S = 195;

/** What a node says is wrong with the link to one peer. */
export interface PeerFault {
  /** The peer's number. */
  readonly peer: number;
  readonly fault: LinkFault;
  /** FRR's word for the session, `never` or `stale` for the handshake. */
  readonly word: string;
}

/** A status, read. */
export interface Judgement {
  readonly peers: number;
  /** Sum of the peers' numbers: with their count it tells whether they are the same as before. */
  readonly peerSum: number;
  readonly handshakes: number;
  /** Established BGP sessions; null when the node runs no BGP. */
  readonly sessions: number | null;
  readonly faults: readonly PeerFault[];
}

/** Whether a node's status tells of BGP sessions. */
export function runsBgp(status: NodeStatus): boolean {
  return status.parts["frr"] !== "none";
}

/** Whether the handshake is fresh. */
export function isFresh(peer: PeerStatus): boolean {
  return peer.handshakeAgeS !== null && peer.handshakeAgeS <= HANDSHAKE_STALE_S;
}

/** What is wrong with the link to a peer; undefined when nothing is. The handshake comes first: without it BGP cannot work. */
export function judgePeer(peer: PeerStatus, options: { bgp: boolean }): PeerFault | undefined {
  const { number } = peer;
  if (!isFresh(peer)) {
    return {
      peer: number,
      fault: "no-handshake",
      word: peer.handshakeAgeS === null ? "never" : "stale",
    };
  }
  if (options.bgp && peer.bgp !== "Established") {
    return { peer: number, fault: "bgp-down", word: peer.bgp ?? "no session" };
  }
  return undefined;
}

/** What a status says about the node's links. */
export function judgeStatus(status: NodeStatus): Judgement {
  const bgp = runsBgp(status);
  const faults = status.peers.map((peer) => judgePeer(peer, { bgp })).filter((f) =>
    f !== undefined
  );
  return {
    peers: status.peers.length,
    peerSum: status.peers.reduce((sum, peer) => sum + peer.number, 0),
    handshakes: status.peers.filter(isFresh).length,
    sessions: bgp ? status.peers.filter((p) => p.bgp === "Established").length : null,
    faults,
  };
}
