import type { NodeStatus } from "../model/api.ts";
import { GRAPH_EDGES, GRAPH_NODES, graphEdges, graphNode } from "../plan/graph_metrics.ts";
import { type MetricFamily, metricHead } from "../plan/metrics_text.ts";
import type { NodeFacts } from "../plan/mesh_view.ts";
import { nodeMetricsText } from "../plan/node_metrics.ts";
import { PEER_METRICS, peerSamples } from "../plan/peer_metrics.ts";
import type { Context } from "./context.ts";
import { controllerMetricsText } from "./controller_metrics.ts";

/** Longest that rendering goes on before others get their turn, milliseconds. */
const TURN_MS = 10;

/** Characters that are encoded and handed over at once. */
const PIECE = 512 * 1024;

/** Type of the Prometheus text format. */
const TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** What was rendered of a status, a text for each family; a status is replaced, never changed, so it stays true. */
const RENDERED = new WeakMap<NodeStatus, { edgesAt: number; texts: readonly string[] }>();

/**
 * Answers a scrape. What nodes told is rendered once however often it is scraped, in short turns, and sent family by family:
 * a mesh of a thousand nodes makes 20 MB of it, and nobody waits for that.
 */
export function metricsPage(context: Context): Response {
  const pieces = piecesOf(context);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return();
    },
  }, { highWaterMark: 1 });
  return new Response(body, { headers: { "content-type": TYPE, "cache-control": "no-store" } });
}

async function* piecesOf(context: Context): AsyncGenerator<string, void, void> {
  const nodes = context.board.facts();
  const turn = new Turn();
  yield await controllerMetricsText(context) + nodeMetricsText(nodes) + metricHead(GRAPH_NODES) +
    nodes.map(graphNode).join("");
  const texts: (readonly string[])[] = [];
  for (const node of nodes) {
    if (node.status !== null) texts.push(rendered(node, node.status, context));
    await turn.share();
  }
  const families: readonly MetricFamily[] = [GRAPH_EDGES, ...PEER_METRICS];
  for (const [index, family] of families.entries()) {
    let piece = metricHead(family);
    for (const text of texts) {
      piece += text[index];
      if (piece.length < PIECE) continue;
      yield piece;
      piece = "";
      await turn.share();
    }
    yield piece;
  }
}

function rendered(node: NodeFacts, status: NodeStatus, context: Context): readonly string[] {
  const { state, board } = context;
  const kept = RENDERED.get(status);
  if (kept?.edgesAt === state.revision) return kept.texts;
  const edges = graphEdges(status, {
    asn: node.self.asn,
    asnOf: (number) => state.node(number)?.asn,
  });
  const texts = [edges, ...kept?.texts.slice(1) ?? peerSamples(status)];
  RENDERED.set(status, { edgesAt: state.revision, texts });
  return texts;
}

/** Gives way to others when a turn has lasted long enough. */
class Turn {
  #since = performance.now();

  async share(): Promise<void> {
    if (performance.now() - this.#since < TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#since = performance.now();
  }
}
