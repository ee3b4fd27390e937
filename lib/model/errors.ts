/** The two kinds of failure a person meets, and the exit codes that go with them. */

/** Bad input: a flag, variable, key or argument. The message names it, its value and what is accepted. Exit code 2. */
export class InputError extends Error {
  override readonly name = "InputError";
  /** Process exit code. */
  readonly exitCode = 2;
}

/** The input was right but the machine or the controller is not in the state it needs. Exit code 1. */
export class StateError extends Error {
  override readonly name = "StateError";
  /** Process exit code. */
  readonly exitCode = 1;
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
