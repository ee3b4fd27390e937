import { parseArgs } from "node:util";
import { InputError, messageOf, StateError } from "../../lib/model/errors.ts";
import { play } from "./play.ts";
import { type Place, PLACES } from "./scenario.ts";
import { SCENARIOS } from "./scenarios.ts";
import { addTally, formatTally, NO_TESTS } from "./tally.ts";

/** Seconds a scenario may take; the emulated processor is about twenty times slower at starting programs. */
const DEADLINES: Readonly<Record<Place, number>> = { bare: 120, machine: 300 };

const HELP =
  `Plays the scenarios of the lab where it is started; needs root and the programs of the lab.

  --where ${
    PLACES.join("|")
  }   which scenarios: those for namespaces of any machine, or for the virtual machine (default bare)
  --only TEXT            only those whose name contains TEXT; may be repeated
  --budget SECONDS       begin no further scenario after that time; the rest counts as skipped
  --list                 only list them`;

async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      where: { type: "string", default: "bare" },
      only: { type: "string", multiple: true, default: [] },
      budget: { type: "string", default: "86400" },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const place = PLACES.find((p) => p === values.where);
  if (place === undefined) {
    throw new InputError(`--where "${values.where}": expected ${PLACES.join(" or ")}`);
  }
  const { only } = values;
  const chosen = SCENARIOS.filter(({ name }) =>
    only.length === 0 || only.some((text) => name.includes(text))
  );
  if (values.help || values.list) {
    console.log(
      values.help ? HELP : chosen.map((s) => `${s.places.join(", ")}: ${s.name}`).join("\n"),
    );
    return 0;
  }
  if (Deno.uid() !== 0) {
    throw new StateError(
      "The lab needs root, because it makes network namespaces; run it with sudo",
    );
  }
  let tally = NO_TESTS;
  const end = performance.now() + Number(values.budget) * 1000;
  for (const scenario of chosen) {
    if (performance.now() > end) {
      console.log(
        `skipped [${place}] ${scenario.name}: the time for all scenarios (${values.budget} s) is used up`,
      );
      tally = addTally(tally, { passed: 0, failed: 0, skipped: 1 });
      continue;
    }
    const options = {
      place,
      deadlineS: DEADLINES[place],
      print: (line: string) => console.log(line),
    };
    tally = addTally(tally, await play(scenario, options));
  }
  console.log(formatTally(tally));
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1;
}

if (import.meta.main) {
  try {
    Deno.exit(await run(Deno.args));
  } catch (error) {
    console.error(`lab: ${messageOf(error)}`);
    Deno.exit(error instanceof InputError || error instanceof TypeError ? 2 : 1);
  }
}
