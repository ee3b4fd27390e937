import { NO_TESTS, type Tally } from "../../test/lab/tally.ts";
import { eachLine } from "../../test/lab/each_line.ts";
import { taskCommand } from "./task_command.ts";

/** How to run tests of `deno test`. */
export interface UnitTestsOptions {
  /** Task of deno.json that runs them. */
  readonly task: string;
  /** Told of each test that was left out. */
  readonly skipped: (what: string) => void;
  readonly print: (line: string) => void;
}

/** Files of tests at a time, where a task runs them in parallel: they wait for the other side half of the time. */
const DENO_JOBS = "2";

/** What a run of tests prints for what is well; everything else is shown. */
const WELL =
  /^(running \d+ tests? from .*|Check .*|.* \.\.\. ok( \(.*\))?|.* \.\.\. ignored( \(.*\))?|)$/;

/** Runs a task of tests, shows what it prints but for the tests that pass, and counts them. */
export async function unitTests({ task, skipped, print }: UnitTestsOptions): Promise<Tally> {
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const [command, ...args] = taskCommand(task, [`--junit-path=${report}`]);
    const options = {
      args,
      stdin: "null",
      stdout: "piped",
      env: { NO_COLOR: "1", DENO_JOBS },
    } as const;
    const child = new Deno.Command(command!, options).spawn();
    await eachLine(child.stdout, (line) => WELL.test(line) ? undefined : print(line));
    const { code } = await child.status;
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
  return [...cases].map((match) => plain(match[1]!));
}

/** Text of an XML attribute, with the five characters that XML has names for (XML 1.0, section 4.6). */
function plain(text: string): string {
  const named = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" } as const;
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: keyof typeof named) => named[name]);
}
