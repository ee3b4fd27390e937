import type { Exec } from "./exec.ts";
import { ipBatchLine, type IpChange } from "./ip_batch.ts";

/** A change that failed, and what the program said of it. */
export interface IpFailure {
  readonly index: number;
  readonly error: string;
}

/**
 * Reads which lines of a batch failed. With `-force`, ip goes on after a failure and prints, after the kernel's
 * words, `Command failed -:LINE`.
 */
export function parseBatchErrors(stderr: string): readonly IpFailure[] {
  const failures: IpFailure[] = [];
  let words: string[] = [];
  for (const line of stderr.split("\n")) {
    const failed = /^Command failed (?:-|.*):(\d+)$/.exec(line.trim());
    if (failed === null) {
      if (line.trim() !== "") words.push(line.trim());
      continue;
    }
    failures.push({ index: Number(failed[1]) - 1, error: words.join("; ") || "failed" });
    words = [];
  }
  return failures;
}

/** Carries out changes in one run of `ip`; those that fail do not stop the others. */
export async function applyIpChanges(
  exec: Exec,
  changes: readonly IpChange[],
): Promise<readonly IpFailure[]> {
  if (changes.length === 0) return [];
  const stdin = changes.map((change) => `${ipBatchLine(change)}\n`).join("");
  const result = await exec.run(["ip", "-force", "-batch", "-"], { stdin, timeoutMs: 60_000 });
  const failures = parseBatchErrors(result.stderr);
  if (result.code !== 0 && failures.length === 0) {
    return changes.map((_, index) => ({
      index,
      error: result.stderr.trim() || `ip: exit ${result.code}`,
    }));
  }
  return failures;
}
