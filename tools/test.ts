import { messageOf } from "../lib/model/errors.ts";
import { LAB_PACKAGES } from "../test/lab/packages.ts";
import { fetchPackages } from "../test/lab/product.ts";
import { addTally, formatTally, NO_TESTS, type Tally } from "../test/lab/tally.ts";
import { ensurePackages } from "./setup.ts";
import { scenariosHere } from "./test/scenarios_here.ts";
import { scenariosInMachine } from "./test/scenarios_in_machine.ts";
import { unitTests } from "./test/unit_tests.ts";

/** Seconds for everything. */
const BUDGET_S = 600;

/** Seconds of it that the scenarios on this machine may take. */
const HERE_S = 240;

const started = performance.now();
const elapsed = () => (performance.now() - started) / 1000;
const say = (line: string) => console.log(line);
const head = (line: string) => say(`\n== ${line} (${elapsed().toFixed(0)} s)`);

/** Runs one part; what it throws is a failure with a reason, so that the other parts still run. */
async function part(what: string, run: () => Promise<Tally>): Promise<Tally> {
  head(what);
  try {
    return await run();
  } catch (error) {
    say(`FAILED  ${what}: ${messageOf(error)}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function skip(what: string, reason: string): Tally {
  say(`skipped ${what}: ${reason}`);
  return { passed: 0, failed: 0, skipped: 1 };
}

async function scenarios(): Promise<Tally> {
  if (Deno.uid() !== 0) {
    return skip("all scenarios", "needs root to make network namespaces; run it with sudo");
  }
  const here = await part("scenarios in namespaces of this machine", async () => {
    await ensurePackages(LAB_PACKAGES, say);
    return await scenariosHere({ budgetS: HERE_S, print: say });
  });
  const what = "scenarios in the virtual machine";
  if (Deno.build.arch !== "x86_64") return addTally(here, skip(what, "its image is for x86-64"));
  const options = { budgetS: BUDGET_S - elapsed() - 10, print: say };
  return addTally(here, await part(what, () => scenariosInMachine(options)));
}

async function main(): Promise<number> {
  await fetchPackages(say);
  const unit = await part("unit tests", unitTests);
  const tally = addTally(addTally(NO_TESTS, unit), await scenarios());
  say(`\nfinished after ${elapsed().toFixed(0)} s`);
  say(formatTally(tally));
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
