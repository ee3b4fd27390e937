import type { Outcome } from "./fault.ts";
import type { Loss } from "./pair_traffic.ts";

/** Characters of what was said that are shown. */
const SHOWN = 160;

function lossWords({ lost, gapMs }: Loss): string {
  return lost === 0 ? "0" : `${lost} (gap ${(gapMs / 1000).toFixed(1)} s)`;
}

function saidWords(said: readonly string[]): string {
  const [first = ""] = said;
  const more = said.length > 1 ? ` (and ${said.length - 1} more)` : "";
  return `${first.length > SHOWN ? `${first.slice(0, SHOWN)}…` : first}${more}`;
}

function cells({ fault, own, others, convergeS, said }: Outcome): readonly string[] {
  const converge = convergeS === undefined ? "never" : `${convergeS.toFixed(1)} s`;
  return [fault, lossWords(own), lossWords(others), converge, saidWords(said)];
}

/** An outcome as a line, told while the faults are played. */
export function outcomeLine(outcome: Outcome): string {
  const [fault, own, others, converge, said] = cells(outcome);
  const word = outcome.wrong.length === 0 ? "ok" : "FAILED";
  return `${word.padEnd(7)} ${fault}: lost ${own}, others ${others}; converged ${converge}; ${
    said || "nothing said"
  }`;
}

/** All outcomes as a table in Markdown. */
export function faultTable(outcomes: readonly Outcome[]): string {
  const head = ["fault", "own packets lost", "others' packets lost", "time to converge", "said"];
  const row = (columns: readonly string[]) =>
    `| ${
      columns.map((column) => column.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")
    } |`;
  return [row(head), row(head.map(() => "---")), ...outcomes.map((o) => row(cells(o)))].join("\n");
}
