import { parseArgs } from "node:util";
import { Lab } from "../lab.ts";
import { learnPatience } from "../patience.ts";
import { PLACES } from "../scenario.ts";
import { clockFaults } from "./clock_faults.ts";
import type { Fault, Outcome } from "./fault.ts";
import { faultTable, outcomeLine } from "./fault_table.ts";
import { killFaults } from "./kill_faults.ts";
import { playFault } from "./play_fault.ts";
import { PROGRAM_FAULTS } from "./program_faults.ts";
import { Stage } from "./stage.ts";
import { steadyFaults } from "./steady_faults.ts";

const HELP =
  `Makes faults happen to one of three nodes, with traffic between all pairs; needs root and the programs of the lab.

  --where ${PLACES.join("|")}   namespaces of any machine (default), or the virtual machine
  --only TEXT        only faults whose name contains TEXT; may be repeated
  --kill             the agent killed after every single step as well (minutes)
  --outage SECONDS   how long the controller is away (default 30)
  --log              print what controller and agents say
  --markdown         print the table as Markdown`;

async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      where: { type: "string", default: "bare" },
      only: { type: "string", multiple: true, default: [] },
      kill: { type: "boolean", default: false },
      outage: { type: "string", default: "30" },
      log: { type: "boolean", default: false },
      markdown: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const place = PLACES.find((p) => p === values.where);
  if (place === undefined) {
    console.error(`--where "${values.where}": expected ${PLACES.join(" or ")}`);
    return 2;
  }
  await learnPatience();
  await using lab = new Lab(place);
  const started = performance.now();
  const stage = await Stage.create(
    lab,
    values.log ? { onLine: (who, line) => console.log(`${who}: ${line}`) } : {},
  );
  console.log(`three nodes are up after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  const kills: readonly Fault[] = values.kill ? await killFaults(stage) : [];
  const all = [
    ...steadyFaults({ outageS: Number(values.outage) }),
    ...await clockFaults(stage),
    ...PROGRAM_FAULTS,
    ...kills,
  ];
  const chosen = all.filter(({ name }) =>
    values.only.length === 0 || values.only.some((text) => name.includes(text))
  );
  const outcomes: Outcome[] = [];
  for (const fault of chosen) {
    const outcome = await playFault(stage, fault);
    outcomes.push(outcome);
    console.log(outcomeLine(outcome));
    for (const wrong of outcome.wrong) console.log(`        WRONG: ${wrong}`);
  }
  if (values.markdown) console.log(faultTable(outcomes));
  const bad = outcomes.filter((outcome) => outcome.wrong.length > 0).length;
  console.log(`${outcomes.length - bad} passed, ${bad} failed`);
  return bad === 0 && outcomes.length > 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await run(Deno.args));
