import type { Watched } from "./observe.ts";

/** How long what was seen is believed while the kernel tells of no change, milliseconds: a message of it may be lost. */
const BELIEVED_MS = 25_000;

/** Remembers what was seen of a host on which nothing happens, so that a look at it costs less. */
export class Quiet {
  #watched: Watched | undefined;
  #seenAt = -Infinity;
  #heard = true;

  /** `now` gives milliseconds that only ever grow. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Nothing was heard of a change since {@link seen}; holds for one look. */
  nothingHeard(): void {
    this.#heard = false;
  }

  /** What need not be looked at again now; undefined when everything has to be. */
  take(): Watched | undefined {
    const old = this.now() - this.#seenAt >= BELIEVED_MS;
    const watched = this.#heard || old ? undefined : this.#watched;
    this.#heard = true;
    return watched;
  }

  /** What the look saw. */
  seen(watched: Watched): void {
    if (watched === this.#watched) return;
    this.#watched = watched;
    this.#seenAt = this.now();
  }
}
