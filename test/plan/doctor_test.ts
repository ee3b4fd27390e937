import assert from "node:assert/strict";
import { diagnose } from "../../lib/plan/doctor.ts";
import { worst } from "../../lib/plan/doctor_check.ts";
import { facts } from "./doctor_fixture.ts";

Deno.test("diagnose() is content with a machine on which nothing is wrong", () => {
  assert.equal(worst(diagnose(facts())), "ok");
});

Deno.test("diagnose() gives every failure and warning a remedy, and no remedy to what is ok", () => {
  const { frr, controller } = facts();
  const ill = facts({
    uid: 1000,
    programs: [{ program: "ip", version: undefined }],
    frr: { ...frr, version: undefined },
    controller: { ...controller!, unreachable: "connection refused" },
    underlay: undefined,
  });
  for (const check of diagnose(ill)) {
    assert.equal(check.remedy === null, check.verdict === "ok", check.id);
  }
});
