import type { Flags, ValuesOf } from "./flag.ts";

/** What a command is given to run with. */
export interface Invocation<F extends Flags> {
  /** Values of the flags: flag beats environment beats file beats default. */
  readonly flags: ValuesOf<F>;
  /** Arguments that are not flags. */
  readonly args: readonly string[];
  /** Where results go (standard output); logs go to standard error. */
  readonly print: (line: string) => void;
}

/** One subcommand. */
export interface Command<F extends Flags = Flags> {
  /** Words after `meshover`, for example `token gen`. */
  readonly name: string;
  /** One line for the overview. */
  readonly summary: string;
  /** Names of positional arguments, for the help: `["NAME"]`. More than these are refused; fewer too, unless in brackets. */
  readonly args?: readonly string[];
  readonly flags: F;
  /** Keys of another command that a `--config` file may hold; they mean nothing here. */
  readonly configMayHold?: readonly string[];
  /**
   * Runs it and returns the exit code.
   * @throws {InputError} for bad input (exit code 2), {StateError} when the state does not allow it (exit code 1).
   */
  readonly run: (call: Invocation<F>) => Promise<number>;
}

/** Ties the types of a command's flags to its `run`. */
export function defineCommand<const F extends Flags>(command: Command<F>): Command {
  return command as unknown as Command;
}
