import { messageOf } from "../../lib/model/errors.ts";

/** What a finished program left behind. */
export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a program. */
export interface ProgramOptions {
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Text given on standard input; none by default. */
  readonly stdin?: string;
  /** Seconds after which the program and its children are ended; 60 by default. */
  readonly deadlineS?: number;
  readonly cwd?: string;
}

/** A program that failed, with all that it said. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
  /** The result that was not a success. */
  readonly result: ProgramResult;

  /** @param argv what was run @param result what came of it */
  constructor(argv: readonly string[], result: ProgramResult) {
    const said = `${result.stderr}\n${result.stdout}`.trim();
    super(`Cannot run "${argv.join(" ")}": exit ${result.code}: ${said}`);
    this.result = result;
  }
}

/** Exit code with which `timeout` reports that the deadline passed. */
export const TIMED_OUT = 124;

/**
 * `argv` bounded in time, children included: `timeout` ends its whole process group, a signal from here would reach one
 * process only.
 */
function bounded(argv: readonly string[], deadlineS = 60): string[] {
  return ["timeout", "--kill-after=2", String(deadlineS), ...argv];
}

/** Runs a program to its end, whatever its exit code. */
export async function tryProgram(
  argv: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const [command, ...args] = bounded(argv, options.deadlineS);
  const child = new Deno.Command(command!, {
    args,
    env: { LC_ALL: "C", ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdin: options.stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (options.stdin !== undefined) {
    const writer = child.stdin.getWriter();
    // A program may end without reading what it was given; its exit code tells, not the broken pipe.
    await writer.write(new TextEncoder().encode(options.stdin)).catch(messageOf);
    await writer.close().catch(messageOf);
  }
  const { code, stdout, stderr } = await child.output();
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/**
 * Runs a program and returns its standard output.
 * @throws {ProgramError} when it does not end with 0.
 */
export async function runProgram(
  argv: readonly string[],
  options: ProgramOptions = {},
): Promise<string> {
  const result = await tryProgram(argv, options);
  if (result.code !== 0) throw new ProgramError(argv, result);
  return result.stdout;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
