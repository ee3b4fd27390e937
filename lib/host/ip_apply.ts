import type { Exec } from "./exec.ts";
import { ipBatchLines, type IpChange } from "./ip_batch.ts";

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

/** Only rules have to be told of their family; ip finds out that of everything else. */
function familyArguments(change: IpChange): readonly string[] {
  const isRule6 = (change.kind === "rule.add" || change.kind === "rule.delete") &&
    change.rule.family === 6;
  return isRule6 ? ["-6"] : [];
}

async function runBatch(
  exec: Exec,
  changes: readonly IpChange[],
): Promise<readonly IpFailure[]> {
  if (changes.length === 0) return [];
  const lines = changes.flatMap((change, index) =>
    ipBatchLines(change).map((line) => ({ line, index }))
  );
  const stdin = lines.map(({ line }) => `${line}\n`).join("");
  const argv = ["ip", ...familyArguments(changes[0]!), "-force", "-batch", "-"];
  const result = await exec.run(argv, { stdin, timeoutMs: 60_000 });
  const failures = parseBatchErrors(result.stderr);
  if (result.code !== 0 && failures.length === 0) {
    const error = result.stderr.trim() || `ip: exit ${result.code}`;
    return changes.map((_, index) => ({ index, error }));
  }
  const first = new Map<number, IpFailure>();
  for (const { index: line, error } of failures) {
    const { index } = lines[line]!;
    if (!first.has(index)) first.set(index, { index, error });
  }
  return [...first.values()];
}

/** Carries out changes in one run of `ip`, or two when rules of IPv6 are among them; those that fail do not stop the others. */
export async function applyIpChanges(
  exec: Exec,
  changes: readonly IpChange[],
): Promise<readonly IpFailure[]> {
  const numbered = changes.map((change, index) => ({ change, index }));
  const [six, other] = [true, false].map((want) =>
    numbered.filter(({ change }) => familyArguments(change).length > 0 === want)
  );
  const failures: IpFailure[] = [];
  for (const part of [other!, six!]) {
    const failed = await runBatch(exec, part.map((p) => p.change));
    failures.push(...failed.map((f) => ({ index: part[f.index]!.index, error: f.error })));
  }
  return failures.toSorted((a, b) => a.index - b.index);
}
