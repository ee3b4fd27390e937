import type { NodeStatus } from "../model/node_status.ts";
import { graphEdges } from "../plan/graph_metrics.ts";
import { peerSamples } from "../plan/peer_metrics.ts";
import type { MeshState } from "./mesh_state.ts";

/** How long after a scrape statuses are rendered when they are told, milliseconds: longer than scrapes usually are apart. */
const AHEAD_MS = 150_000;

/** The samples of a status: bytes for each family, the edges of the graph first. */
export type RenderedStatus = readonly Uint8Array<ArrayBuffer>[];

/**
 * The part of the metrics that grows with the square of the mesh. A status is replaced and never changed, so that it is
 * rendered once however often it is scraped; while somebody scrapes, when it is told, so that a scrape does not do for all nodes
 * at once what can be done for each by itself.
 */
export class StatusRenderer {
  readonly #state: MeshState;
  readonly #encoder = new TextEncoder();
  readonly #rendered = new WeakMap<NodeStatus, { revision: number; bytes: RenderedStatus }>();
  #scrapedAt = -Infinity;

  constructor(state: MeshState) {
    this.#state = state;
  }

  /** Somebody scrapes. */
  scraped(): void {
    this.#scrapedAt = performance.now();
  }

  /** To be called with every status that is told. */
  told(status: NodeStatus): void {
    if (performance.now() - this.#scrapedAt < AHEAD_MS) this.render(status);
  }

  /** The samples of a status. */
  render(status: NodeStatus): RenderedStatus {
    const { revision } = this.#state;
    const kept = this.#rendered.get(status);
    if (kept?.revision === revision) return kept.bytes;
    const asnOf = (number: number) => this.#state.node(number)?.asn;
    const asn = asnOf(status.number);
    const edges = asn === undefined ? "" : graphEdges(status, { asn, asnOf });
    const others = kept?.bytes.slice(1) ??
      peerSamples(status).map((text) => this.#encoder.encode(text));
    const bytes = [this.#encoder.encode(edges), ...others];
    this.#rendered.set(status, { revision, bytes });
    return bytes;
  }
}
