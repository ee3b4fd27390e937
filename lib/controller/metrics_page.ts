import { GRAPH_EDGES, GRAPH_NODES, graphNode } from "../plan/graph_metrics.ts";
import { type MetricFamily, metricHead } from "../plan/metrics_text.ts";
import { nodeMetricsTexts } from "../plan/node_metrics.ts";
import { PEER_METRICS } from "../plan/peer_metrics.ts";
import type { Context } from "./context.ts";
import { controllerMetricsText } from "./controller_metrics.ts";
import type { RenderedStatus } from "./status_renderer.ts";

/** Longest that rendering goes on before others get their turn, milliseconds. */
const TURN_MS = 5;

/** Bytes that are handed over at once. */
const PIECE = 256 * 1024;

/** Type of the Prometheus text format. */
const TYPE = "text/plain; version=0.0.4; charset=utf-8";

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Answers a scrape, in short turns and piece by piece: a mesh of a thousand nodes makes 30 MB, and neither the feed nor the
 * memory has to carry that at once.
 */
export function metricsPage(context: Context): Response {
  const pieces = joined(partsOf(context));
  const body = new ReadableStream<Bytes>({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await pieces.return();
    },
  }, { highWaterMark: 1 });
  return new Response(body, { headers: { "content-type": TYPE, "cache-control": "no-store" } });
}

async function* partsOf(context: Context): AsyncGenerator<Bytes, void, void> {
  const encoder = new TextEncoder();
  const turn = new Turn();
  yield encoder.encode(await controllerMetricsText(context));
  const nodes = context.board.facts();
  if (turn.isLong) await turn.share();
  for (const text of nodeMetricsTexts(nodes)) {
    yield encoder.encode(text);
    if (turn.isLong) await turn.share();
  }
  yield encoder.encode(metricHead(GRAPH_NODES) + nodes.map(graphNode).join(""));
  const { renderer } = context.board;
  renderer.scraped();
  const rendered: RenderedStatus[] = [];
  for (const { status } of nodes) {
    if (status !== null) rendered.push(renderer.render(status));
    if (turn.isLong) await turn.share();
  }
  const families: readonly MetricFamily[] = [GRAPH_EDGES, ...PEER_METRICS];
  for (const [index, family] of families.entries()) {
    yield encoder.encode(metricHead(family));
    for (const status of rendered) {
      yield status[index]!;
      if (turn.isLong) await turn.share();
    }
  }
}

/** The same bytes in pieces that are worth sending. */
async function* joined(
  parts: AsyncGenerator<Bytes, void, void>,
): AsyncGenerator<Bytes, void, void> {
  let piece = new Uint8Array(PIECE);
  let used = 0;
  for await (const part of parts) {
    if (used + part.length > PIECE && used > 0) {
      yield piece.subarray(0, used);
      piece = new Uint8Array(PIECE);
      used = 0;
    }
    if (part.length > PIECE) {
      yield part;
      continue;
    }
    piece.set(part, used);
    used += part.length;
  }
  yield piece.subarray(0, used);
}

/** Gives way to others when a turn has lasted long enough. */
class Turn {
  #since = performance.now();

  get isLong(): boolean {
    return performance.now() - this.#since >= TURN_MS;
  }

  async share(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#since = performance.now();
  }
}
