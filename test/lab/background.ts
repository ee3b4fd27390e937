import { eachLine } from "./each_line.ts";
import { waitFor, type WaitOptions } from "./wait_for.ts";
import { tryProgram } from "./run_program.ts";

/** How to start a program that keeps running. */
export interface BackgroundOptions {
  /** Name for logs and errors. */
  readonly name: string;
  /** Arguments in front of the program's own that bring it where it shall run, for example `nsenter …`. */
  readonly enter: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Told every line that the program prints. */
  readonly onLine?: (line: string) => void;
}

/** Characters of output that are kept for errors. */
const KEPT = 200_000;

/** A program that runs until it is stopped, with what it prints. */
export class Background {
  /** Name given at the start. */
  readonly name: string;
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number>;
  readonly #enter: readonly string[];
  readonly #reading: Promise<unknown>;
  #output = "";
  #pid: number | undefined;
  #code: number | undefined;

  private constructor(child: Deno.ChildProcess, options: BackgroundOptions) {
    this.name = options.name;
    this.#enter = options.enter;
    const onStdout = (line: string) => {
      // The first line is the process's own number, printed before the program takes its place.
      if (this.#pid === undefined) this.#pid = Number(line);
      else this.#take(line, options.onLine);
    };
    this.#reading = Promise.all([
      eachLine(child.stdout, onStdout),
      eachLine(child.stderr, (line) => this.#take(line, options.onLine)),
    ]);
    this.ended = child.status.then((status) => {
      this.#code = status.code;
      return status.code;
    });
  }

  /** Starts `argv`. */
  static start(argv: readonly string[], options: BackgroundOptions): Background {
    // A session of its own: Ctrl-C in the terminal must reach only the lab, which ends things in order.
    const [command, ...args] = [
      ...["setsid", ...options.enter, "sh", "-c", 'echo $$; exec "$@"', "sh"],
      ...argv,
    ];
    const child = new Deno.Command(command!, {
      args,
      env: { LC_ALL: "C", ...options.env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    return new Background(child, options);
  }

  /** All that it has printed so far (the last {@link KEPT} characters). */
  get output(): string {
    return this.#output;
  }

  /** Whether it still runs. */
  get running(): boolean {
    return this.#code === undefined;
  }

  /** Waits until it prints a line that matches, and returns that line; fails early when it ends first. */
  async waitForLine(pattern: RegExp, options: WaitOptions = {}): Promise<string> {
    const line = await waitFor(`${this.name} prints ${pattern}`, () => {
      const found = this.#output.split("\n").find((l) => pattern.test(l));
      return Promise.resolve(found ?? (this.running ? undefined : null));
    }, options);
    if (line === null) {
      throw new Error(`${this.name} ended before it printed ${pattern}:\n${this.output}`);
    }
    return line;
  }

  /** Sends a signal to the program itself. */
  async signal(signal: "TERM" | "INT" | "KILL" | "HUP" | "STOP" | "CONT"): Promise<void> {
    const pid = await waitFor(`${this.name} has started`, () => Promise.resolve(this.#pid));
    await tryProgram([...this.#enter, "sh", "-c", `kill -${signal} ${pid}`]);
  }

  /** Ends it, by force after `deadlineS` seconds (10), and returns its exit code. */
  async stop(
    options: { readonly signal?: "TERM" | "INT" | "KILL"; readonly deadlineS?: number } = {},
  ): Promise<number> {
    if (this.running) await this.signal(options.signal ?? "TERM");
    const ended = () => Promise.resolve(this.running ? undefined : true as const);
    await waitFor(`${this.name} ends`, ended, { deadlineS: options.deadlineS ?? 10, everyMs: 20 })
      .catch(() => this.signal("KILL"));
    const code = await this.ended;
    await this.#reading;
    return code;
  }

  #take(line: string, onLine?: (line: string) => void): void {
    this.#output = `${this.#output}${line}\n`.slice(-KEPT);
    onLine?.(line);
  }
}
