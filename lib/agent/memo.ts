/** Keeps the last result of a pure function: made anew only when one of the things it depends on is another. */
export class Memo<T> {
  #keys: readonly unknown[] | undefined;
  #value: T | undefined;

  /** The value for `keys`, each compared as by `===`. */
  get(keys: readonly unknown[], make: () => T): T {
    const same = this.#keys?.length === keys.length &&
      keys.every((key, i) => key === this.#keys![i]);
    if (!same) {
      this.#value = make();
      this.#keys = keys;
    }
    return this.#value!;
  }
}
