import { type Check, failed, ok } from "./doctor_check.ts";
import type { DoctorFacts } from "./doctor_facts.ts";
import { COIL_VRF } from "./names.ts";

/** What `--coiladvertise` needs; no check when it is not asked for. */
export function checkCoil({ coil, modulesOnDisk }: DoctorFacts): readonly Check[] {
  if (coil === undefined) return [];
  const { name, table } = COIL_VRF;
  if (coil.foreignVrf) {
    return [failed(
      "coil",
      `--coiladvertise: the device ${name} is somebody else's, so its routes are not announced`,
      `remove or rename it (ip -d link show ${name}): meshover makes its own, with table ${table}`,
    )];
  }
  if (coil.canVrf) return [ok("coil", `the kernel can make the VRF ${name} with table ${table}`)];
  const remedy = modulesOnDisk.includes("vrf")
    ? "it is on disk and not loaded: modprobe vrf (a container needs its host to do so)"
    : "run a kernel with the module vrf (Debian: linux-image-amd64), or leave --coiladvertise out";
  return [failed("coil", "--coiladvertise: the kernel cannot make VRF devices", remedy)];
}
