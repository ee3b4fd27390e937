import type { Check } from "./doctor_check.ts";
import { checkCoil } from "./doctor_coil.ts";
import { checkBgpPort, checkCilium, checkFilters, checkRoutes } from "./doctor_conflicts.ts";
import { checkController, checkTime } from "./doctor_controller.ts";
import type { DoctorFacts } from "./doctor_facts.ts";
import {
  checkAgent,
  checkFrr,
  checkKernel,
  checkPrograms,
  checkRoot,
  checkStateDir,
} from "./doctor_machine.ts";
import {
  checkForwarding,
  checkIpv6,
  checkMtu,
  checkUdpPort,
  checkUnderlay,
} from "./doctor_network.ts";
import { checkUserspace } from "./doctor_userspace.ts";

/** Judges a machine by what was found on it: all checks, in the order in which a person would go about it. */
export function diagnose(facts: DoctorFacts): readonly Check[] {
  return [
    checkRoot(facts),
    checkPrograms(facts),
    checkKernel(facts),
    ...checkUserspace(facts),
    checkFrr(facts),
    checkStateDir(facts),
    checkUnderlay(facts),
    checkIpv6(facts),
    checkUdpPort(facts),
    checkTime(facts),
    checkController(facts),
    checkMtu(facts),
    checkForwarding(facts),
    checkBgpPort(facts),
    checkRoutes(facts),
    ...checkFilters(facts),
    checkCilium(facts),
    ...checkCoil(facts),
    checkAgent(facts),
  ];
}
