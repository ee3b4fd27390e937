/// <reference lib="dom" />

/** The controller refused, in its own words. */
export class RefusedError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/** Headers that show the controller that its own page asks, and no other site's. */
export const OWN_PAGE = { "x-meshover-dashboard": "1" };

/**
 * Calls the controller as whoever is signed in; null for an answer without a body.
 * @throws {RefusedError} when it refuses, {TypeError} when it cannot be reached.
 */
export async function call<T>(
  method: "GET" | "POST" | "DELETE",
  options: { path: string; body?: unknown },
): Promise<T | null> {
  const { path, body } = options;
  const response = await fetch(path, {
    method,
    headers: { ...OWN_PAGE, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(15_000),
  });
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => null) as { detail?: string } | null;
  if (response.ok) return answer as T;
  throw new RefusedError(
    response.status,
    answer?.detail ?? `the controller answered ${response.status}`,
  );
}

/** What to tell somebody about a call that failed. */
export function wordsOf(error: unknown): string {
  if (error instanceof RefusedError) return capital(error.message);
  return "The controller cannot be reached.";
}

function capital(text: string): string {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
