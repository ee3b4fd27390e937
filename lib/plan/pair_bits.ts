/** Place of the pair of indexes `i` < `j` among `n` things: (0,1), (0,2), … (1,2), … */
export function pairIndex(i: number, j: number, n: number): number {
  return i * n - (i * (i + 1)) / 2 + (j - i - 1);
}

/**
 * Which pairs are joined, as base64 of one bit a pair, lowest bit first. `numbers` name the things; `peersOf` gives the numbers
 * that the thing at an index is joined to. A pair is joined when one of the two says so.
 */
export function packPairs(
  numbers: readonly number[],
  peersOf: (index: number) => readonly number[],
): string {
  const n = numbers.length;
  const bits = new Uint8Array(Math.ceil((n * (n - 1)) / 16));
  const indexes = new Map(numbers.map((number, index) => [number, index]));
  for (let own = 0; own < n; own++) {
    for (const number of peersOf(own)) {
      const other = indexes.get(number);
      if (other === undefined || other === own) continue;
      const place = own < other ? pairIndex(own, other, n) : pairIndex(other, own, n);
      bits[place >> 3]! |= 1 << (place & 7);
    }
  }
  return bits.toBase64();
}

/** Calls `each` for every joined pair of indexes in what {@link packPairs} made for `n` things. */
export function unpackPairs(
  text: string,
  options: { n: number; each: (i: number, j: number) => void },
): void {
  const { n, each } = options;
  const raw = atob(text);
  let place = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++, place++) {
      if ((raw.charCodeAt(place >> 3) >> (place & 7)) & 1) each(i, j);
    }
  }
}
