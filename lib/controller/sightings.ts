import { type NodeStatus, STATUS_TTL_S } from "../model/api.ts";

/** When nodes were last heard of, and what they said of themselves. In memory only: after a restart they tell again. */
export class Sightings {
  readonly #now: () => number;
  readonly #seen = new Map<number, number>();
  readonly #statuses = new Map<number, { at: number; status: NodeStatus }>();

  /** `now` gives milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A node made a request. */
  saw(number: number): void {
    this.#seen.set(number, this.#now());
  }

  /** A node sent its status. */
  told(number: number, status: NodeStatus): void {
    this.#statuses.set(number, { at: this.#now(), status });
  }

  /** RFC 3339 time of the last request; null when there was none. */
  lastSeen(number: number): string | null {
    const at = this.#seen.get(number);
    return at === undefined ? null : new Date(at).toISOString();
  }

  /** The last status, unless it is too old to say anything. */
  status(number: number): NodeStatus | null {
    const kept = this.#statuses.get(number);
    if (kept === undefined) return null;
    if (this.#now() - kept.at <= STATUS_TTL_S * 1000) return kept.status;
    this.#statuses.delete(number);
    return null;
  }

  /** A node was removed. */
  forget(number: number): void {
    this.#seen.delete(number);
    this.#statuses.delete(number);
  }
}
