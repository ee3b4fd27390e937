import { InputError, messageOf, StateError } from "../model/errors.ts";
import { type CommandEntry, COMMANDS } from "./commands.ts";
import { commandHelp, overview } from "./help.ts";
import { closest, parseCommandLine, type Sources } from "./parse.ts";

/** The outer world of a run. */
export interface Outer extends Sources {
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
}

/** The command whose words `argv` starts with; the longest name wins (`token gen` over `token`). */
function find(argv: readonly string[]): { entry: CommandEntry; rest: readonly string[] } {
  const words = argv.slice(0, 3);
  for (let length = words.length; length > 0; length--) {
    const name = words.slice(0, length).join(" ");
    const entry = COMMANDS.find((c) => c.name === name);
    if (entry !== undefined) return { entry, rest: argv.slice(length) };
  }
  const within = COMMANDS.filter((c) => c.name.startsWith(`${argv[0]} `)).map((c) => c.name);
  if (within.length > 0) {
    throw new InputError(`"${argv[0]}" needs one more word: ${within.join(", ")}`);
  }
  const near = closest(argv[0]!, COMMANDS.map((c) => c.name));
  const hint = near === undefined ? 'see "meshover --help"' : `did you mean "${near}"?`;
  throw new InputError(`Unknown command "${argv[0]}": ${hint}`);
}

async function dispatch(argv: readonly string[], outer: Outer): Promise<number> {
  if (argv.length === 0 || argv[0] === "--help" || argv[0] === "-h" || argv[0] === "help") {
    outer.print(overview(COMMANDS));
    return argv.length === 0 ? 2 : 0;
  }
  const { entry, rest } = argv[0] === "--version" ? find(["version"]) : find(argv);
  const command = (await entry.load()).default;
  const parsed = parseCommandLine(command, rest, outer);
  if (parsed.help) {
    outer.print(commandHelp(command));
    return 0;
  }
  return await command.run({ flags: parsed.values, args: parsed.args, print: outer.print });
}

/** Runs a command line and returns the exit code: 0 done, 1 the state does not allow it, 2 bad input. */
export async function runCommandLine(argv: readonly string[], outer: Outer): Promise<number> {
  try {
    return await dispatch(argv, outer);
  } catch (error) {
    outer.complain(`meshover: ${messageOf(error)}`);
    if (error instanceof InputError || error instanceof StateError) return error.exitCode;
    if (outer.env("MESHOVER_DEBUG") !== undefined && error instanceof Error) {
      outer.complain(error.stack ?? "");
    }
    return 1;
  }
}
