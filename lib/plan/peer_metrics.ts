import type { NodeStatus, PeerStatus } from "../model/node_status.ts";
import { escapeLabel, type MetricFamily, numberText } from "./metrics_text.ts";

interface PeerMetric extends MetricFamily {
  /** Its value; null for no sample. */
  readonly of: (peer: PeerStatus) => number | null;
}

/** What is told of every pair of a node and a peer. Labels are names of enrolled nodes only, so they are bounded by the mesh. */
export const PEER_METRICS: readonly PeerMetric[] = [
  {
    name: "meshover_peer_bgp_established",
    type: "gauge",
    help: "Whether the BGP session of the node with the peer is established.",
    of: (peer) => peer.bgp === null ? null : peer.bgp === "Established" ? 1 : 0,
  },
  {
    name: "meshover_peer_handshake_age_seconds",
    type: "gauge",
    help:
      "Age of the last WireGuard handshake when the node told of it last; absent when there was none.",
    of: (peer) => peer.handshakeAgeS,
  },
  {
    name: "meshover_peer_received_bytes_total",
    type: "counter",
    help: "Bytes that WireGuard received from the peer.",
    of: (peer) => peer.rxBytes,
  },
  {
    name: "meshover_peer_sent_bytes_total",
    type: "counter",
    help: "Bytes that WireGuard sent to the peer.",
    of: (peer) => peer.txBytes,
  },
  {
    name: "meshover_peer_prefixes_received",
    type: "gauge",
    help: "Prefixes that the peer announces to the node, of both families.",
    of: (peer) => peer.prefixesReceived,
  },
];

/** The samples of one node, a text for each of {@link PEER_METRICS}. */
export function peerSamples(status: NodeStatus): readonly string[] {
  const labels = status.peers.map((peer) =>
    `{node="${escapeLabel(status.name)}",peer="${escapeLabel(peer.name)}"} `
  );
  return PEER_METRICS.map(({ name, of }) => {
    let text = "";
    for (let i = 0; i < labels.length; i++) {
      const value = of(status.peers[i]!);
      if (value !== null) text += `${name}${labels[i]}${numberText(value)}\n`;
    }
    return text;
  });
}
