import { parseArgs } from "node:util";
import { InputError, messageOf, StateError } from "../../lib/model/errors.ts";
import { playAll } from "./play_all.ts";
import { PLACES } from "./scenario.ts";
import { SCENARIOS } from "./scenarios.ts";
import { formatTally } from "./tally.ts";

const HELP =
  `Plays the scenarios of the lab where it is started; needs root and the programs of the lab.

  --where ${
    PLACES.join("|")
  }   which scenarios: those for namespaces of any machine, or for the virtual machine (default bare)
  --only TEXT            only those whose name contains TEXT; may be repeated
  --budget SECONDS       time for all; what does not fit into it counts as skipped
  --finish SECONDS       time beyond that for the first one (default 0)
  --jobs N               how many at a time (default 1); each has hosts and networks of its own
  --idle-jobs N          how many more at a time while the processors have nothing to do (default 0)
  --list                 only list them`;

async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      where: { type: "string", default: "bare" },
      only: { type: "string", multiple: true, default: [] },
      budget: { type: "string", default: "86400" },
      finish: { type: "string", default: "0" },
      jobs: { type: "string", default: "1" },
      "idle-jobs": { type: "string", default: "0" },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const place = PLACES.find((p) => p === values.where);
  if (place === undefined) {
    throw new InputError(`--where "${values.where}": expected ${PLACES.join(" or ")}`);
  }
  const jobs = Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1) {
    throw new InputError(`--jobs "${values.jobs}": expected a whole number above 0`);
  }
  const idleJobs = Number(values["idle-jobs"]);
  if (!Number.isInteger(idleJobs) || idleJobs < 0) {
    throw new InputError(`--idle-jobs "${values["idle-jobs"]}": expected a whole number`);
  }
  const { only } = values;
  // Whoever asks for one by name is told where it runs; otherwise those for other places are none of this place's.
  const chosen = SCENARIOS.filter(({ name, places }) =>
    only.length === 0
      ? values.list || places.includes(place)
      : only.some((text) => name.includes(text))
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
  const tally = await playAll(chosen, {
    place,
    jobs,
    idleJobs,
    budgetS: Number(values.budget),
    finishS: Number(values.finish),
    print: (line) => console.log(line),
  });
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
