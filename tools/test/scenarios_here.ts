import { eachLine } from "../../test/lab/each_line.ts";
import { parseTally, type Tally } from "../../test/lab/tally.ts";

/** How to run the scenarios. */
export interface ScenariosHereOptions {
  /** Seconds after which no further scenario is begun. */
  readonly budgetS: number;
  readonly print: (line: string) => void;
}

const PERMISSIONS = ["run", "read", "write", "env", "net", "sys"].map((p) => `--allow-${p}`);

/** Scenarios at a time, and how many more while nothing else is done: they wait for timers of FRR and WireGuard most of the time. */
const JOBS = {
  bare: ["--jobs", "2", "--idle-jobs", "2"],
  machine: ["--jobs", "1"],
} as const;

/** Words that run the scenarios of a place, wherever they are started. */
export function scenariosCommand(
  deno: string,
  place: keyof typeof JOBS,
  { budgetS, finishS = 0 }: { readonly budgetS: number; readonly finishS?: number },
): string[] {
  const options = [
    ...["--where", place, ...JOBS[place]],
    ...["--budget", `${Math.floor(budgetS)}`, "--finish", `${finishS}`],
  ];
  return [deno, "run", "--quiet", "--cached-only", ...PERMISSIONS, "test/lab/run.ts", ...options];
}

/** Runs the scenarios in namespaces of this machine. */
export async function scenariosHere(options: ScenariosHereOptions): Promise<Tally> {
  const [command, ...args] = scenariosCommand(Deno.execPath(), "bare", options);
  const child = new Deno.Command(command!, { args, stdin: "null", stdout: "piped" }).spawn();
  const take = tallyReader(options.print);
  await eachLine(child.stdout, take.line);
  const { code } = await child.status;
  return take.tally(code);
}

/** Passes lines on and keeps the closing count. */
export function tallyReader(print: (line: string) => void): {
  readonly line: (line: string) => void;
  readonly tally: (code: number) => Tally;
} {
  let found: Tally | undefined;
  return {
    line: (line) => {
      const tally = parseTally(line);
      if (tally === undefined) print(line);
      else found = tally;
    },
    // Ended without a count: something went wrong outside of any scenario.
    tally: (code) => {
      const counted = found ?? { passed: 0, failed: 1, skipped: 0 };
      return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
    },
  };
}
