import assert from "node:assert/strict";
import { diagnose } from "../../lib/plan/doctor.ts";
import type { Check } from "../../lib/plan/doctor_check.ts";
import type { DoctorFacts } from "../../lib/plan/doctor_facts.ts";
import { facts } from "./doctor_fixture.ts";

/** One way in which a machine differs from a healthy one, and what is to be said of it. */
export interface Case {
  readonly when: string;
  /** The check that notices. */
  readonly id: string;
  readonly change: Partial<DoctorFacts>;
  readonly verdict: Check["verdict"];
  readonly found: RegExp;
  readonly remedy: RegExp;
  /** Other checks that it touches as well. */
  readonly alsoTouched?: readonly string[];
}

/** The check of this name on a machine that differs from a healthy one in one way; all others must be ok. */
export function only(
  id: string,
  change: Partial<DoctorFacts>,
  alsoTouched: readonly string[] = [],
): Check {
  const checks = diagnose(facts(change));
  const others = checks.filter((c) => c.id !== id && !alsoTouched.includes(c.id));
  assert.deepEqual(others.filter((c) => c.verdict !== "ok"), []);
  return checks.find((c) => c.id === id)!;
}

/** A test for each case. */
export function judges(cases: readonly Case[]): void {
  for (const { when, id, change, verdict, found, remedy, alsoTouched } of cases) {
    Deno.test(`diagnose() says "${verdict}" for ${id} when ${when}, and nothing else`, () => {
      const check = only(id, change, alsoTouched);
      assert.equal(check.verdict, verdict);
      assert.match(check.found, found);
      assert.match(check.remedy ?? "", remedy);
    });
  }
}
