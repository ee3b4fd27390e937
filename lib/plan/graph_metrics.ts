import type { NodeStatus } from "../model/node_status.ts";
import { MAX_NODE_NUMBER } from "../model/node.ts";
import { escapeLabel, type MetricFamily } from "./metrics_text.ts";
import type { NodeFacts } from "./mesh_view.ts";

/**
 * The two series of the first meshover's exporter, for panels of Grafana's Node Graph that were made for it: ids are AS
 * numbers, an edge is a session seen from one end, every value is 0.
 */
export const GRAPH_NODES: MetricFamily = {
  name: "graph_meshover_nodes_nodes",
  type: "gauge",
  help: "Nodes for Grafana's Node Graph: those heard of within 30 s; the value means nothing.",
};

/** See {@link GRAPH_NODES}. */
export const GRAPH_EDGES: MetricFamily = {
  name: "graph_meshover_nodes_bgp_edges",
  type: "gauge",
  help:
    "Edges for Grafana's Node Graph: established BGP sessions as their source told; the value means nothing.",
};

/** The sample of a node; empty when it is not heard of. */
export function graphNode({ self, status }: NodeFacts): string {
  if (status === null) return "";
  const mainstat = escapeLabel(self.addresses[0] ?? "");
  return `${GRAPH_NODES.name}{id="${self.asn}",title="${
    escapeLabel(self.name)
  }",mainstat="${mainstat}"} 0\n`;
}

/** The edges that begin at a node. `asnOf` gives a node's AS number by its number. */
export function graphEdges(
  status: NodeStatus,
  options: { asn: number; asnOf: (number: number) => number | undefined },
): string {
  let text = "";
  for (const peer of status.peers) {
    if (peer.bgp !== "Established") continue;
    const target = options.asnOf(peer.number);
    if (target === undefined) continue;
    const id = status.number * (MAX_NODE_NUMBER + 1) + peer.number;
    text += `${GRAPH_EDGES.name}{id="${id}",source="${options.asn}",target="${target}"} 0\n`;
  }
  return text;
}
