/** What `work` gives, or `otherwise` when it cannot be had: a check has to work on a broken machine above all. */
export async function orElse<T>(work: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work;
  } catch {
    return otherwise;
  }
}
