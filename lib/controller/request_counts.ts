/** How many requests were answered, by call and status code. Both come from short lists, so the counts are bounded. */
export class RequestCounts {
  readonly #counts = new Map<string, number>();

  /** Counts an answer. */
  add(call: string, status: number): void {
    const key = `${call} ${status}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** All counts. */
  *entries(): Generator<{ call: string; code: number; count: number }> {
    for (const [key, count] of this.#counts) {
      const [call, code] = key.split(" ") as [string, string];
      yield { call, code: Number(code), count };
    }
  }
}
