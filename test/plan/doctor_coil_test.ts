import assert from "node:assert/strict";
import { diagnose } from "../../lib/plan/doctor.ts";
import { checkCoil } from "../../lib/plan/doctor_coil.ts";
import { facts } from "./doctor_fixture.ts";

const can = { canVrf: true, foreignVrf: false };

Deno.test("the doctor looks for VRF devices only when Coil's blocks are to be announced", () => {
  assert.deepEqual(checkCoil(facts()), []);
  assert.ok(!diagnose(facts()).some((check) => check.id === "coil"));
  assert.ok(diagnose(facts({ coil: can })).some((check) => check.id === "coil"));
  assert.equal(checkCoil(facts({ coil: can }))[0]?.verdict, "ok");
});

Deno.test("the doctor says how to get VRF devices where there are none", () => {
  const coil = { ...can, canVrf: false };
  const [onDisk] = checkCoil(facts({ coil, modulesOnDisk: ["vrf"] }));
  assert.equal(onDisk?.verdict, "failed");
  assert.match(onDisk?.remedy ?? "", /modprobe vrf/);
  assert.match(checkCoil(facts({ coil }))[0]?.remedy ?? "", /linux-image/);
});

Deno.test("the doctor tells of a device of the VRF's name that is somebody else's", () => {
  const [check] = checkCoil(facts({ coil: { ...can, foreignVrf: true } }));
  assert.equal(check?.verdict, "failed");
  assert.match(check?.found ?? "", /somebody else's/);
});
