import type { LocalStatus } from "./local_status.ts";

/** A sample: labels and value. */
type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** A metric of the text exposition format (prometheus.io/docs/instrumenting/exposition_formats). */
interface Metric {
  readonly name: string;
  readonly type: "gauge" | "counter";
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** What the agent knows of itself besides its status. */
export interface ProcessFigures {
  /** Resident memory, bytes. */
  readonly rssBytes: number;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function metricText({ name, type, help, samples }: Metric): string {
  const rows = samples.map(([labels, value]) => `${name}${labelsText(labels)} ${value}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...rows, ""].join("\n");
}

function one(name: string, help: string, value: number): Metric {
  return { name, type: "gauge", help, samples: [[{}, value]] };
}

/** One metric with a sample for each peer; `value` leaves out a peer by undefined. */
function perPeer(
  status: LocalStatus,
  spec: Omit<Metric, "samples"> & {
    readonly value: (peer: LocalStatus["peers"][number]) => number | null;
  },
): Metric {
  const { value, ...rest } = spec;
  const samples = status.peers.flatMap((peer): Sample[] => {
    const figure = value(peer);
    const labels = { peer: peer.name, number: String(peer.number), device: peer.tunnel };
    return figure === null ? [] : [[labels, figure]];
  });
  return { ...rest, samples };
}

function peerMetrics(status: LocalStatus): Metric[] {
  return [
    perPeer(status, {
      name: "meshover_peer_handshake_age_seconds",
      type: "gauge",
      help: "Seconds since the last WireGuard handshake; absent when there was none.",
      value: (peer) => peer.handshakeAgeS,
    }),
    perPeer(status, {
      name: "meshover_peer_bgp_established",
      type: "gauge",
      help: "Whether the BGP session is established.",
      value: (peer) => peer.bgp === "Established" ? 1 : 0,
    }),
    perPeer(status, {
      name: "meshover_peer_received_bytes_total",
      type: "counter",
      help: "Bytes that WireGuard received from the peer.",
      value: (peer) => peer.rxBytes,
    }),
    perPeer(status, {
      name: "meshover_peer_sent_bytes_total",
      type: "counter",
      help: "Bytes that WireGuard sent to the peer.",
      value: (peer) => peer.txBytes,
    }),
    perPeer(status, {
      name: "meshover_peer_prefixes_received",
      type: "gauge",
      help: "Prefixes that the peer announces to this node.",
      value: (peer) => peer.prefixesReceived,
    }),
    perPeer(status, {
      name: "meshover_peer_prefixes_sent",
      type: "gauge",
      help: "Prefixes that this node announces to the peer.",
      value: (peer) => peer.prefixesSent,
    }),
  ];
}

function nodeMetrics(status: LocalStatus, { nowMs }: ProcessFigures): Metric[] {
  const { name, number, asn, version, reconcile, controller } = status;
  const info = { node: name, number: String(number), asn: String(asn), version, ...status.parts };
  return [
    {
      name: "meshover_node_info",
      type: "gauge",
      help: "The node, and the parts that it runs; always 1.",
      samples: [[info, 1]],
    },
    one("meshover_node_peers", "Other nodes of the mesh.", status.peers.length),
    one(
      "meshover_node_status_age_seconds",
      "Seconds since the host was last looked at.",
      Math.max(0, (nowMs - Date.parse(status.at)) / 1000),
    ),
    one(
      "meshover_node_controller_connected",
      "Whether the controller answers.",
      controller.state === "connected" ? 1 : 0,
    ),
    one(
      "meshover_node_controller_state_seconds",
      "Seconds for which that has been so.",
      Math.max(0, (nowMs - Date.parse(controller.since)) / 1000),
    ),
    one(
      "meshover_node_reconcile_seconds",
      "Seconds that the last reconcile took.",
      reconcile.tookMs / 1000,
    ),
    one(
      "meshover_node_reconcile_failed_changes",
      "Changes that could not be made in the last reconcile.",
      reconcile.failed.length,
    ),
  ];
}

/** What `--metrics` serves; without a status, only what the agent knows of its own memory. */
export function metricsText(status: LocalStatus | undefined, figures: ProcessFigures): string {
  const metrics = [
    one("meshover_agent_resident_memory_bytes", "Resident memory.", figures.rssBytes),
    ...(status === undefined ? [] : [...nodeMetrics(status, figures), ...peerMetrics(status)]),
  ];
  return metrics.map(metricText).join("");
}
