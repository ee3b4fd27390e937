import { type Labels, type MetricFamily, metricHead, sample } from "./metrics_text.ts";
import type { NodeFacts } from "./mesh_view.ts";

interface NodeMetric extends MetricFamily {
  /** Its value; null for no sample. */
  readonly of: (facts: NodeFacts) => number | null;
  readonly labels?: (facts: NodeFacts) => Labels;
}

/** What is told of every node. */
const NODE_METRICS: readonly NodeMetric[] = [
  {
    name: "meshover_node_up",
    type: "gauge",
    help: "Whether the node told its status within 30 s.",
    of: ({ status }) => status === null ? 0 : 1,
  },
  {
    name: "meshover_node_info",
    type: "gauge",
    help: "What the node is and runs; always 1.",
    of: () => 1,
    labels: ({ self, version, status }) => ({
      number: self.number,
      asn: self.asn,
      version,
      wg: status?.parts["wg"] ?? "",
      tunnels: status?.parts["tunnels"] ?? "",
      frr: status?.parts["frr"] ?? "",
    }),
  },
  {
    name: "meshover_node_peers",
    type: "gauge",
    help: "Peers that the node knows.",
    of: ({ judgement }) => judgement?.peers ?? null,
  },
  {
    name: "meshover_node_handshakes_fresh",
    type: "gauge",
    help: "Peers with which the node has a WireGuard handshake that is not stale.",
    of: ({ judgement }) => judgement?.handshakes ?? null,
  },
  {
    name: "meshover_node_bgp_sessions_established",
    type: "gauge",
    help: "Established BGP sessions of the node; absent when it runs no BGP.",
    of: ({ judgement }) => judgement?.sessions ?? null,
  },
  {
    name: "meshover_node_routes_accepted",
    type: "gauge",
    help: "Routes that the node uses of those learnt over the overlay.",
    of: ({ accepted }) => accepted,
  },
  {
    name: "meshover_node_reconcile_seconds",
    type: "gauge",
    help: "How long the last reconcile of the node took.",
    of: ({ status }) => status === null ? null : status.reconcile.tookMs / 1000,
  },
  {
    name: "meshover_node_reconcile_failed_changes",
    type: "gauge",
    help: "Changes that the last reconcile of the node could not make.",
    of: ({ status }) => status === null ? null : status.reconcile.failed.length,
  },
  {
    name: "meshover_node_problems",
    type: "gauge",
    help: "Things that the node cannot do at the moment.",
    of: ({ status }) => status?.problems?.length ?? null,
  },
];

/** The metrics of all nodes, family by family. */
export function* nodeMetricsTexts(nodes: readonly NodeFacts[]): Generator<string> {
  for (const { of, labels, ...family } of NODE_METRICS) {
    let text = metricHead(family);
    for (const facts of nodes) {
      const value = of(facts);
      if (value === null) continue;
      text += sample(family.name, value, { node: facts.self.name, ...labels?.(facts) });
    }
    yield text;
  }
}
