import { type Check, type Verdict, worst } from "../plan/doctor_check.ts";

const MARKS: Readonly<Record<Verdict, string>> = { ok: "ok", warning: "warning", failed: "FAILED" };

/** Columns that the verdict and the name of a check take. */
const INDENT = 22;

function lines(check: Check): string[] {
  const head = `${MARKS[check.verdict].padEnd(9)}${check.id.padEnd(INDENT - 9)}${check.found}`;
  return check.remedy === null ? [head] : [head, `${" ".repeat(INDENT)}-> ${check.remedy}`];
}

function count(checks: readonly Check[], verdict: Verdict): number {
  return checks.filter((check) => check.verdict === verdict).length;
}

function summary(checks: readonly Check[]): string {
  const counts = `${count(checks, "ok")} ok, ${count(checks, "warning")} warnings, ${
    count(checks, "failed")
  } failed`;
  switch (worst(checks)) {
    case "ok":
      return `${counts}: this machine is fit to be a node`;
    case "warning":
      return `${counts}: this machine works as a node; read the warnings`;
    case "failed":
      return `${counts}: do what stands behind the arrows`;
  }
}

/** The doctor's findings for people. */
export function doctorText(checks: readonly Check[]): string {
  return [...checks.flatMap(lines), "", summary(checks)].join("\n");
}
