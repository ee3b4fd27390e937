/** Milliseconds between two looks at the clock. */
const EVERY_MS = 50;

/** Looks how long the machine stands still, for as long as this is in use: what stands still here, does so in FRR as well. */
export class Stalls implements Disposable {
  #last = performance.now();
  #worstMs = 0;
  readonly #timer = setInterval(() => this.#look(), EVERY_MS);

  /** The longest time by which a look came late, milliseconds. */
  get worstMs(): number {
    this.#look();
    return Math.round(this.#worstMs);
  }

  /** Ends looking. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    this.#worstMs = Math.max(this.#worstMs, now - this.#last - EVERY_MS);
    this.#last = now;
  }
}
