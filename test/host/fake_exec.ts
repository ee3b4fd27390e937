import type { Exec, ExecOptions, ExecResult } from "../../lib/host/exec.ts";

/** Answers commands from a table, and throws on one that is not in it. */
export class FakeExec implements Exec {
  /** Commands that were run, in order. */
  readonly ran: string[] = [];
  /** What they were given on standard input. */
  readonly inputs: string[] = [];

  constructor(private readonly answers: Readonly<Record<string, ExecResult>>) {}

  run(argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    const command = argv.join(" ");
    const answer = this.answers[command];
    if (answer === undefined) throw new Error(`FakeExec does not know "${command}"`);
    this.ran.push(command);
    this.inputs.push(options.stdin ?? "");
    return Promise.resolve(answer);
  }

  watch(argv: readonly string[]): Promise<void> {
    throw new Error(`FakeExec cannot watch "${argv.join(" ")}"`);
  }
}
