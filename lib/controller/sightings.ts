/** When nodes were last heard of. In memory only. */
export class Sightings {
  readonly #now: () => number;
  readonly #seen = new Map<number, number>();

  /** `now` gives milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A node made a request. */
  saw(number: number): void {
    this.#seen.set(number, this.#now());
  }

  /** RFC 3339 time of the last request; null when there was none. */
  lastSeen(number: number): string | null {
    const at = this.#seen.get(number);
    return at === undefined ? null : new Date(at).toISOString();
  }

  /** A node was removed. */
  forget(number: number): void {
    this.#seen.delete(number);
  }
}
