/** How many requests were answered, by call and status code. Both come from short lists, so the counts are bounded. */
export class RequestCounts {
  readonly #counts = new Map<string, Map<number, number>>();

  /** Counts an answer. */
  add(call: string, status: number): void {
    let codes = this.#counts.get(call);
    if (codes === undefined) this.#counts.set(call, codes = new Map());
    codes.set(status, (codes.get(status) ?? 0) + 1);
  }

  /** All counts. */
  *entries(): Generator<{ call: string; code: number; count: number }> {
    for (const [call, codes] of this.#counts) {
      for (const [code, count] of codes) yield { call, code, count };
    }
  }
}
