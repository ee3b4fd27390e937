import type { ControllerClient } from "../client/controller_client.ts";
import { ProblemError } from "../client/problem_error.ts";
import type { FeedAnswer } from "../model/feed_api.ts";
import { messageOf } from "../model/errors.ts";
import { type Snapshot, takeFeed } from "../plan/snapshot.ts";
import type { ChangeLog } from "./log.ts";

/** How the link to the controller is. */
export interface ControllerLink {
  readonly state: "connecting" | "connected" | "lost" | "removed";
  /** RFC 3339. */
  readonly since: string;
  /** Why it is not connected. */
  readonly reason: string | null;
}

/** Where what is heard goes. */
export interface FollowPorts {
  readonly client: ControllerClient;
  readonly current: () => Snapshot;
  readonly take: (next: Snapshot) => Promise<void>;
  /** Called when the controller does not know this node's secret any more; true when enrolling again worked. */
  readonly enrolAgain: () => Promise<boolean>;
  /** Called when the controller's state went back to an older one: what it knows of this node may be old too. */
  readonly reportAgain: () => Promise<void>;
  /** Called when the controller says that this node was removed from the mesh. */
  readonly removed: () => void;
  readonly changes: ChangeLog;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
  readonly now: () => Date;
}

/** How long a request must have been held to be taken for accepted, milliseconds: a refusal comes at once. */
const HELD_MS = 1_000;
const STAYS_UNTIL_DOWN = 'the overlay stays as it is until "meshover down" ' +
  '(to join again: "meshover down --forget", and a new token)';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** Keeps one request open at the controller and takes in what it says. */
export class Follower {
  #link: ControllerLink;
  #failures = 0;
  #hurry = new AbortController();

  constructor(private readonly ports: FollowPorts) {
    this.#link = { state: "connecting", since: ports.now().toISOString(), reason: null };
  }

  /** How the link is now. */
  get link(): ControllerLink {
    return this.#link;
  }

  /** Ends a wait for the next try: there may be a way to the controller now. */
  hurry(): void {
    const waiting = this.#hurry;
    this.#hurry = new AbortController();
    this.#failures = 0;
    waiting.abort();
  }

  /** Follows until `signal` aborts. Never throws: a controller that fails changes nothing here. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#take(await this.#ask(signal));
        this.#connected();
      } catch (error) {
        if (signal.aborted) return;
        await this.#failed(error, signal);
      }
    }
  }

  /**
   * Asks for what is new. A controller with nothing to say holds the request: one that is there, and has not refused after a
   * moment, counts as connected, or a restarted one would be "lost" for as long as the mesh is quiet.
   */
  async #ask(signal: AbortSignal): Promise<FeedAnswer> {
    const { client, current, sleep } = this.ports;
    const since = current().revision;
    if (this.#link.state === "connected") return await client.feed({ since, signal });
    await client.ready({ signal });
    const answered = new AbortController();
    const held = sleep(HELD_MS, answered.signal).then(() => {
      if (!answered.signal.aborted) this.#connected();
    });
    try {
      return await client.feed({ since, signal });
    } finally {
      answered.abort();
      await held;
    }
  }

  async #take(answer: FeedAnswer): Promise<void> {
    const before = this.ports.current();
    const { snapshot, oddity } = takeFeed(before, answer);
    if (oddity === "another mesh") {
      throw new Error("the controller serves another mesh than the one this node belongs to");
    }
    if (oddity === "older than before") await this.ports.reportAgain();
    if (snapshot.revision !== before.revision || answer.full) await this.ports.take(snapshot);
  }

  #connected(): void {
    this.#failures = 0;
    this.ports.changes.over("controller", `the controller answers again: ${this.ports.client.url}`);
    this.#become("connected", null);
  }

  #become(state: ControllerLink["state"], reason: string | null): void {
    const since = this.#link.state === state ? this.#link.since : this.ports.now().toISOString();
    this.#link = { state, since, reason };
  }

  async #failed(error: unknown, signal: AbortSignal): Promise<void> {
    const reason = messageOf(error);
    const code = error instanceof ProblemError ? error.code : "";
    if (code === "secret_unknown" && await this.ports.enrolAgain()) return;
    const removed = code === "node_removed";
    this.#become(removed ? "removed" : "lost", reason);
    const words = removed ? STAYS_UNTIL_DOWN : "the overlay stays as it is";
    this.ports.changes.say("controller", "warning", `${reason}; ${words}`);
    if (removed) this.ports.removed();
    const wait = Math.min(FIRST_WAIT_MS * 2 ** this.#failures++, LONGEST_WAIT_MS);
    const over = AbortSignal.any([signal, this.#hurry.signal]);
    await this.ports.sleep(wait * (0.5 + this.ports.random() / 2), over);
  }
}
