/** How a check came out. */
export type Verdict = "ok" | "warning" | "failed";

/** The result of one check. */
export interface Check {
  /** Stable, for programs: `udp-port`. */
  readonly id: string;
  readonly verdict: Verdict;
  /** What was found, one line. */
  readonly found: string;
  /** What to do about it; null when it is ok. */
  readonly remedy: string | null;
}

/** A check that came out well. */
export function ok(id: string, found: string): Check {
  return { id, verdict: "ok", found, remedy: null };
}

/** Something that works less well than it could, or will bite later. */
export function warning(id: string, found: string, remedy: string): Check {
  return { id, verdict: "warning", found, remedy };
}

/** Something that keeps the node from working. */
export function failed(id: string, found: string, remedy: string): Check {
  return { id, verdict: "failed", found, remedy };
}

/** The worst verdict of some checks; `ok` of none. */
export function worst(checks: readonly Check[]): Verdict {
  const verdicts = checks.map((check) => check.verdict);
  if (verdicts.includes("failed")) return "failed";
  return verdicts.includes("warning") ? "warning" : "ok";
}
