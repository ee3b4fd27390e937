import { Refusal } from "../model/refusal.ts";
import { toldPolicy } from "../store/route_decisions.ts";
import type { MeshState } from "./mesh_state.ts";

/** Open requests that one node may hold; a node needs one, and a second while it reconnects. */
const PER_NODE = 8;

/** Bytes of answers kept for readers that have the same revision. */
const KEPT_BYTES = 32 * 1024 * 1024;

/**
 * Readers that are answered at once. What is answered is sent only when the program waits for something: between two such
 * groups it does, so that the first readers hear the news while the answers of the last ones are made.
 */
const AT_ONCE = 250;

/** Share of the wait by which readers are spread, so that those who came together do not all come back together. */
const SPREAD = 0.2;

/** Multiples of it fall evenly between 0 and 1. */
const GOLDEN = 0.618033988749895;

/** What comes alone waits only this part of the time for more to come. */
const ALONE = 10;

/** How a feed behaves. */
export interface FeedOptions {
  readonly state: MeshState;
  /** How long a burst of changes is gathered, milliseconds; a change after as long a silence is told after a tenth of it. */
  readonly gatherMs: number;
  /** How long a request is held open, milliseconds. */
  readonly waitMs: number;
}

interface Waiter {
  readonly number: number;
  readonly since: number;
  readonly due: number;
  readonly resolve: (body: Uint8Array<ArrayBuffer>) => void;
}

/**
 * The change feed: holds requests open and answers all of them shortly after the revision moved. Readers with the same
 * revision get the same bytes, so that an answer is made once however many there are.
 */
export class Feed {
  readonly #options: FeedOptions;
  #waiters = new Set<Waiter>();
  readonly #perNode = new Map<number, number>();
  readonly #bodies = new Map<number, Uint8Array<ArrayBuffer>>();
  #movedAt = -Infinity;
  /** Whether what is gathered is one change so far. */
  #gatheringAlone = false;
  #bodiesOf = { revision: -1, bytes: 0 };
  /** Readers whose turn to be answered it is. */
  #leaving: Waiter[] = [];
  #answering: ReturnType<typeof setTimeout> | undefined;
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #ticking: ReturnType<typeof setInterval> | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** How many requests are open. */
  get readers(): number {
    return this.#waiters.size + this.#leaving.length;
  }

  /**
   * The answer for a node that has revision `since`: at once when there is news, else when there is, or after the wait.
   * @throws {Refusal} when the node holds too many requests open.
   */
  next(reader: { number: number; since: number }): Promise<Uint8Array<ArrayBuffer>> {
    const { number, since } = reader;
    const { state, waitMs } = this.#options;
    const news = since !== state.revision || since === 0;
    // Within a burst the rest of it is worth waiting for, but not for a node that has nothing yet.
    if (news && (this.#gathering === undefined || since === 0)) {
      return Promise.resolve(this.#body(since));
    }
    const held = this.#perNode.get(number) ?? 0;
    if (held >= PER_NODE) {
      throw new Refusal({
        status: 429,
        code: "too_many_requests",
        detail:
          `this node holds ${PER_NODE} feed requests open already; is a second agent running with the same state?`,
      });
    }
    this.#perNode.set(number, held + 1);
    const { promise, resolve } = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
    const due = performance.now() + waitMs * (1 - SPREAD * (number * GOLDEN % 1));
    this.#waiters.add({ number, since, due, resolve });
    this.#ticking ??= setInterval(() => this.#timeOut(), 500);
    return promise;
  }

  /** To be called when the revision moved. */
  moved(): void {
    const now = performance.now();
    const { gatherMs } = this.#options;
    const alone = now - this.#movedAt >= gatherMs;
    this.#movedAt = now;
    if (this.#gathering === undefined) this.#gather(alone ? gatherMs / ALONE : gatherMs);
    else if (this.#gatheringAlone) {
      clearTimeout(this.#gathering);
      this.#gather(gatherMs);
    }
    this.#gatheringAlone = alone;
  }

  #gather(ms: number): void {
    this.#gathering = setTimeout(() => {
      this.#gathering = undefined;
      this.#release(this.#behind());
    }, ms);
  }

  /** Answers everybody and stops the clocks. */
  close(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#release(this.#waiters);
    while (this.#leaving.length > 0) this.#answer();
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }

  /** Who came within the burst may know all of it already, and goes on waiting. */
  #behind(): Set<Waiter> {
    const { revision } = this.#options.state;
    for (const waiter of this.#waiters) {
      if (waiter.since !== revision) continue;
      return new Set([...this.#waiters].filter((one) => one.since !== revision));
    }
    return this.#waiters;
  }

  #timeOut(): void {
    const now = performance.now();
    this.#release(new Set([...this.#waiters].filter((waiter) => waiter.due <= now)));
  }

  #release(waiters: Set<Waiter>): void {
    if (waiters === this.#waiters) this.#waiters = new Set();
    else for (const waiter of waiters) this.#waiters.delete(waiter);
    this.#leaving = [...this.#leaving, ...waiters];
    if (this.#answering === undefined) this.#answer();
  }

  /** Answers the next readers, and has the others answered when these answers are on their way. */
  #answer(): void {
    clearTimeout(this.#answering);
    this.#answering = undefined;
    for (const waiter of this.#leaving.splice(0, AT_ONCE)) {
      const held = (this.#perNode.get(waiter.number) ?? 1) - 1;
      if (held === 0) this.#perNode.delete(waiter.number);
      else this.#perNode.set(waiter.number, held);
      waiter.resolve(this.#body(waiter.since));
    }
    if (this.#leaving.length > 0) this.#answering = setTimeout(() => this.#answer(), 0);
  }

  #body(since: number): Uint8Array<ArrayBuffer> {
    const { state } = this.#options;
    if (this.#bodiesOf.revision !== state.revision || this.#bodiesOf.bytes > KEPT_BYTES) {
      this.#bodies.clear();
      this.#bodiesOf = { revision: state.revision, bytes: 0 };
    }
    const kept = this.#bodies.get(since);
    if (kept !== undefined) return kept;
    const { full, peers, removed } = state.delta(since);
    const { meshId, revision, mesh } = state;
    const told = full || state.routes.revision > since;
    const policy = told ? { routePolicy: toldPolicy(state.routes) } : {};
    const head = JSON.stringify({ meshId, revision, full, removed, mesh, ...policy }).slice(0, -1);
    const body = new TextEncoder().encode(`${head},"peers":[${peers.join(",")}]}`);
    this.#bodies.set(since, body);
    this.#bodiesOf.bytes += body.length;
    return body;
  }
}
