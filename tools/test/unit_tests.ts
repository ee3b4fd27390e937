import { NO_TESTS, type Tally } from "../../test/lab/tally.ts";
import { taskCommand } from "./task_command.ts";

/** Runs the unit tests as `deno task test:unit` does, with its output on this terminal, and counts them. */
export async function unitTests(): Promise<Tally> {
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const [command, ...args] = taskCommand("test:unit", [
      "--reporter=dot",
      `--junit-path=${report}`,
    ]);
    const { code } = await new Deno.Command(command!, { args, stdin: "null" }).spawn().status;
    const tally = readJunit(await Deno.readTextFile(report));
    // A module that does not load or type-check fails without any test of it being counted.
    return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
  } finally {
    await Deno.remove(report);
  }
}

/** Counts in a JUnit report: the totals of all suites. */
export function readJunit(xml: string): Tally {
  const suites = [...xml.matchAll(/<testsuite ([^>]*)>/g)].map((match) => {
    const count = (name: string) =>
      Number(new RegExp(`${name}="(\\d+)"`).exec(match[1]!)?.[1] ?? 0);
    const failed = count("failures") + count("errors");
    const skipped = count("disabled");
    return { passed: count("tests") - failed - skipped, failed, skipped };
  });
  return suites.reduce((sum, suite) => ({
    passed: sum.passed + suite.passed,
    failed: sum.failed + suite.failed,
    skipped: sum.skipped + suite.skipped,
  }), NO_TESTS);
}
