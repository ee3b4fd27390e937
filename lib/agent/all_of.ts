/** Waits for all promises of an object at once, as `Promise.all` does for a list. */
export async function allOf<T extends object>(
  work: { readonly [K in keyof T]: T[K] | Promise<T[K]> },
): Promise<T> {
  const entries = Object.entries(work).map(async ([key, value]) => [key, await value] as const);
  return Object.fromEntries(await Promise.all(entries)) as T;
}
