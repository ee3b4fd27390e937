import type { DashboardFacts, DashboardMessage, MeshView } from "../../model/mesh_view.ts";
import { type KnownPairs, meshView, pairsOf } from "../../plan/mesh_view.ts";
import { viewChange } from "../../plan/view_change.ts";
import type { StatusBoard } from "../status_board.ts";

/** How long changes are gathered before viewers are told, milliseconds. */
const GATHER_MS = 150;

/** Part of the time that looking at the mesh may take: a large one is looked at less often. */
const SHARE = 0.1;

/** A line is sent at least this often, so that proxies keep the connection and both ends notice when it is dead. */
const HEARTBEAT_MS = 10_000;

/** Bytes that a viewer may be behind; one that reads slower is cut off and comes back. */
const MAX_BEHIND = 16 * 1024 * 1024;

/** Viewers at a time. */
export const MAX_VIEWERS = 200;

/** What viewers are told of. */
export interface ViewersOptions {
  readonly board: StatusBoard;
  readonly revision: () => number;
  readonly about: () => DashboardFacts;
  readonly now: () => number;
}

interface Viewer {
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  /** When its session ends, milliseconds since 1970. */
  readonly until: number;
}

/** Those who have the dashboard open: all get the same lines, which are made once. Without viewers nothing is done. */
export class Viewers {
  readonly #options: ViewersOptions;
  readonly #viewers = new Set<Viewer>();
  readonly #encoder = new TextEncoder();
  #view: MeshView | undefined;
  #pairs: KnownPairs | undefined;
  #lastEvent = 0;
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #pauseMs = GATHER_MS;
  #stopListening: (() => void) | undefined;

  constructor(options: ViewersOptions) {
    this.#options = options;
  }

  /** How many there are. */
  get size(): number {
    return this.#viewers.size;
  }

  /** The stream of lines for one more viewer, until its session ends. */
  stream(until: number): ReadableStream<Uint8Array> {
    let viewer: Viewer;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        viewer = { controller, until };
        this.#open(viewer);
      },
      cancel: () => this.#remove(viewer),
    }, new ByteLengthQueuingStrategy({ highWaterMark: MAX_BEHIND }));
  }

  /** Ends all streams and clocks. */
  close(): void {
    for (const viewer of [...this.#viewers]) this.#end(viewer);
  }

  #open(viewer: Viewer): void {
    const { board, about, now } = this.#options;
    if (this.#viewers.size === 0) {
      this.#stopListening = board.onChange(() => this.#changed());
      this.#heartbeat = setInterval(() => this.#beat(now()), HEARTBEAT_MS);
    }
    this.#look();
    this.#viewers.add(viewer);
    this.#send(
      viewer,
      this.#line({
        kind: "mesh",
        view: this.#view!,
        events: board.events.after(0),
        about: about(),
      }),
    );
  }

  #changed(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      this.#look();
    }, this.#pauseMs);
  }

  /** Makes the view anew and tells what differs. */
  #look(): void {
    const { board, revision } = this.#options;
    const begin = performance.now();
    const facts = board.facts();
    this.#pairs = pairsOf(facts, this.#pairs);
    const view = meshView(facts, { revision: revision(), pairs: this.#pairs.pairs });
    const change = this.#view === undefined ? undefined : viewChange(this.#view, view);
    const events = board.events.after(this.#lastEvent);
    this.#view = view;
    this.#lastEvent = board.events.lastId;
    this.#pauseMs = Math.max(GATHER_MS, (performance.now() - begin) / SHARE);
    if (this.#viewers.size === 0 || (change === undefined && events.length === 0)) return;
    const { nodes = [], removed = [], ...rest } = change ?? {};
    const line = this.#line({
      kind: "change",
      revision: view.revision,
      faultCount: view.faultCount,
      ...rest,
      nodes,
      removed,
      events,
    });
    for (const viewer of [...this.#viewers]) this.#send(viewer, line);
  }

  #line(message: DashboardMessage): Uint8Array {
    return this.#encoder.encode(`${JSON.stringify(message)}\n`);
  }

  #beat(now: number): void {
    const line = this.#encoder.encode("\n");
    for (const viewer of [...this.#viewers]) {
      if (viewer.until <= now) this.#end(viewer);
      else this.#send(viewer, line);
    }
  }

  #send(viewer: Viewer, line: Uint8Array): void {
    if ((viewer.controller.desiredSize ?? 0) <= 0) return this.#end(viewer);
    viewer.controller.enqueue(line);
  }

  #end(viewer: Viewer): void {
    this.#remove(viewer);
    try {
      viewer.controller.close();
    } catch {
      // It had ended by itself.
    }
  }

  #remove(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    if (this.#viewers.size > 0) return;
    this.#stopListening?.();
    clearInterval(this.#heartbeat);
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#view = undefined;
  }
}
