import { measureEnrolment } from "./controller/enrolment.ts";
import { measureIdle } from "./controller/idle.ts";
import { measureMany } from "./controller/ten_thousand.ts";

/** Figures of the controller; the load generator runs on the same machine. */
export async function bench(): Promise<void> {
  await measureEnrolment();
  await measureIdle();
  await measureMany();
}
