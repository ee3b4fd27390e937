import { StateError } from "../model/errors.ts";
import { type Conversation, ProcessConversation } from "./conversation.ts";

/** What a program that ended left behind. */
export interface ExecResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a program. */
export interface ExecOptions {
  /** Text given on standard input; otherwise it is empty. */
  readonly stdin?: string;
  /** Milliseconds after which it is killed; 30,000 unless told: a busy emulated machine took more than 10 s for "ip". */
  readonly timeoutMs?: number;
  /** For a program that leaves a daemon behind: what it prints is thrown away, as the daemon would hold the pipe open. */
  readonly leavesDaemon?: boolean;
}

/** The one door to programs. */
export interface Exec {
  /** Programs run so far, where somebody counts. */
  readonly count?: number;

  /**
   * Runs a program to its end. A non-zero exit is a result, not an error.
   * @throws {MissingProgramError} when there is no such program, {ExecError} when it took too long.
   */
  run(argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;

  /**
   * Runs a program that goes on, and gives each line that it prints to `onLine`, until it ends or `signal` aborts; with a
   * signal that has aborted already, nothing is started.
   * @throws {MissingProgramError} when there is no such program.
   */
  watch(argv: readonly string[], options: WatchOptions): Promise<void>;

  /**
   * Starts a program that goes on and answers what it is told; what it says on standard error is thrown away. Absent where
   * programs are only ever run to their end.
   * @throws {MissingProgramError} when there is no such program.
   */
  converse?(argv: readonly string[]): Conversation;
}

/** How to follow a program's output. */
export interface WatchOptions {
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Debian packages of the programs that are run, where the name is another one. */
const PACKAGES: Readonly<Record<string, string>> = {
  ip: "iproute2",
  wg: "wireguard-tools",
  nft: "nftables",
  vtysh: "frr",
  sysctl: "procps",
  ping: "iputils-ping",
  unshare: "util-linux",
  docker: "docker.io",
};

/** A program is not installed, or may not be run. */
export class MissingProgramError extends StateError {
  constructor(readonly program: string) {
    const name = PACKAGES[program] ?? program.split("/").at(-1)!;
    super(
      `Cannot run "${program}": there is no such program in ${PROGRAM_PATH}; install it (apt install ${name})`,
    );
  }
}

/** A program failed: the message has the command, its exit code and what it said. */
export class ExecError extends StateError {
  constructor(readonly argv: readonly string[], readonly result: ExecResult, why?: string) {
    const said = (result.stderr.trim() || result.stdout.trim()).replaceAll("\n", "; ");
    super(
      `Cannot run "${argv.join(" ")}": ${why ?? `exit ${result.code}`}${
        said === "" ? "" : `: ${said}`
      }`,
    );
  }
}

/** Where programs are looked for. The caller's PATH is not used, so that root runs what the system installed. */
export const PROGRAM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const ENVIRONMENT = { PATH: PROGRAM_PATH, LC_ALL: "C", HOME: "/root" };
const decoder = new TextDecoder();

async function feed(child: Deno.ChildProcess, text: string): Promise<void> {
  const writer = child.stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch {
    // The program ended without reading everything; its exit code says why.
  }
}

/** Cuts text into lines, without their ends. */
class LineStream extends TransformStream<string, string> {
  constructor() {
    let rest = "";
    super({
      transform(chunk, controller) {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop()!;
        for (const line of lines) controller.enqueue(line);
      },
    });
  }
}

/** Tells a program to end; one that has just ended by itself is as well. */
function end(child: Deno.ChildProcess, signal: "SIGKILL" | "SIGTERM"): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended already.
  }
}

async function collect(child: Deno.ChildProcess): Promise<ExecResult> {
  const { code, stdout, stderr } = await child.output();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/**
 * Runs real programs, with a clean environment: Deno refuses to start a child while any LD_* variable is set, and
 * LC_ALL=C keeps messages in the words that are parsed.
 */
export class SystemExec implements Exec {
  #count = 0;

  /** @param wrap words put before every command, such as `["nsenter", "--net=/run/netns/n1"]`. */
  constructor(private readonly wrap: readonly string[] = []) {}

  /** Programs run so far. */
  get count(): number {
    return this.#count;
  }

  async run(argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    const [program, ...args] = [...this.wrap, ...argv];
    const child = this.#spawn(program!, args, options);
    const timeoutMs = options.timeoutMs ?? 30_000;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      end(child, "SIGKILL");
    }, timeoutMs);
    try {
      const fed = options.stdin === undefined ? undefined : feed(child, options.stdin);
      const result = options.leavesDaemon
        ? { code: (await child.status).code, stdout: "", stderr: "" }
        : await collect(child);
      await fed;
      if (late) throw new ExecError(argv, result, `no end after ${timeoutMs / 1000} s`);
      return result;
    } finally {
      clearTimeout(timer);
    }
  }

  async watch(argv: readonly string[], options: WatchOptions): Promise<void> {
    // A signal that has aborted tells nobody who listens later: the program would go on, and this wait with it.
    if (options.signal.aborted) return;
    const [program, ...args] = [...this.wrap, ...argv];
    const child = this.#spawn(program!, args, {});
    const stop = () => end(child, "SIGTERM");
    options.signal.addEventListener("abort", stop, { once: true });
    try {
      const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new LineStream());
      const errors = child.stderr.cancel();
      for await (const line of lines) options.onLine(line);
      await Promise.all([child.status, errors]);
    } finally {
      options.signal.removeEventListener("abort", stop);
    }
  }

  converse(argv: readonly string[]): Conversation {
    const [program, ...args] = [...this.wrap, ...argv];
    return new ProcessConversation(this.#spawn(program!, args, { stdin: "", stderr: "null" }));
  }

  #spawn(
    program: string,
    args: readonly string[],
    options: ExecOptions & { readonly stderr?: "null" },
  ): Deno.ChildProcess {
    const output = options.leavesDaemon ? "null" : "piped";
    this.#count++;
    try {
      return new Deno.Command(program, {
        args: [...args],
        clearEnv: true,
        env: ENVIRONMENT,
        stdin: options.stdin === undefined ? "null" : "piped",
        stdout: output,
        stderr: options.stderr ?? output,
      }).spawn();
    } catch (error) {
      const missing = error instanceof Deno.errors.NotFound ||
        error instanceof Deno.errors.PermissionDenied;
      if (missing) throw new MissingProgramError(program);
      throw error;
    }
  }
}

/** The standard output of a program that must succeed. @throws {ExecError} when it exits with another code than 0. */
export async function runOrThrow(
  exec: Exec,
  argv: readonly string[],
  options?: ExecOptions,
): Promise<string> {
  const result = await exec.run(argv, options);
  if (result.code !== 0) throw new ExecError(argv, result);
  return result.stdout;
}
