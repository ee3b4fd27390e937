/** One measured figure. */
export interface Figure {
  /** Name, for example `mesh.join_bare.median_s`; its last word ends with the unit. */
  readonly figure: string;
  readonly value: number;
  /** How many measurements it was made of. */
  readonly samples: number;
  /** What the reader has to know about how it was measured. */
  readonly note?: string;
}

/** Prints a figure as one line of JSON, its value rounded to three decimals. */
export function printFigure(figure: Figure): void {
  const value = Math.round(figure.value * 1000) / 1000;
  console.log(JSON.stringify({ ...figure, value }));
}

/** Tells progress, on standard error. */
export function progress(line: string): void {
  console.error(line);
}

/**
 * The value below which the share `q` (0 to 1) of the measurements lies, interpolated between the two nearest.
 * @throws {RangeError} when there are no measurements.
 */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (low === undefined || high === undefined) throw new RangeError("Nothing was measured");
  return low + (high - low) * (place - Math.floor(place));
}

/** The middle of the measurements. @throws {RangeError} when there are none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
