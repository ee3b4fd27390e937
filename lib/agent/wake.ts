/** Sleeps that a call to `ring` ends early; a ring that comes while nobody sleeps ends the next sleep at once. */
export class Wake {
  #rung = false;
  #resolve: (() => void) | undefined;

  /** Ends the sleep. */
  ring(): void {
    this.#rung = true;
    this.#resolve?.();
  }

  /** Sleeps for at most `ms`; returns early when rung or when `signal` aborts. Tells whether it was rung for. */
  async sleep(ms: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#rung && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        const end = () => {
          clearTimeout(timer);
          resolve();
        };
        this.#resolve = end;
        signal.addEventListener("abort", end, { once: true });
      });
    }
    const rung = this.#rung;
    this.#resolve = undefined;
    this.#rung = false;
    return rung;
  }
}
