import { NO_TESTS, type Tally } from "../../test/lab/tally.ts";
import { taskCommand } from "./task_command.ts";

/** How to run tests of `deno test`. */
export interface UnitTestsOptions {
  /** Task of deno.json that runs them. */
  readonly task: string;
  /** Told of each test that was left out. */
  readonly skipped: (what: string) => void;
}

/** Runs a task of tests with its output on this terminal, and counts them. */
export async function unitTests({ task, skipped }: UnitTestsOptions): Promise<Tally> {
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const [command, ...args] = taskCommand(task, ["--reporter=dot", `--junit-path=${report}`]);
    const { code } = await new Deno.Command(command!, { args, stdin: "null" }).spawn().status;
    const xml = await Deno.readTextFile(report);
    namesOfSkipped(xml).forEach(skipped);
    const tally = readJunit(xml);
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

/** Names of the tests that a JUnit report has as left out. */
export function namesOfSkipped(xml: string): string[] {
  const cases = xml.matchAll(/<testcase name="([^"]*)"[^>]*>\s*<skipped\/>/g);
  return [...cases].map((match) => match[1]!);
}
