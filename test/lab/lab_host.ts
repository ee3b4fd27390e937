import init from "./host_init.sh" with { type: "text" };
import { Background } from "./background.ts";
import {
  ProgramError,
  type ProgramOptions,
  type ProgramResult,
  runProgram,
  tryProgram,
} from "./run_program.ts";
import { patient } from "./patience.ts";
import { productCommand } from "./product.ts";
import { waitFor } from "./wait_for.ts";

/** The namespaces that a host has of its own: mounts, host name, network and processes. */
const UNSHARE = ["unshare", "-m", "-u", "-n", "-p", "--fork", "--kill-child"];

/** A machine made of namespaces: network, processes, mounts and host name of its own. */
export class LabHost {
  /** Its host name. */
  readonly name: string;
  /** Its process 1, numbered as the lab sees it: `nsenter -t PID -a` enters the host. */
  readonly pid: number;
  readonly #holder: Deno.ChildProcess;
  readonly #keepOpen: WritableStreamDefaultWriter<Uint8Array>;
  readonly #background: Background[] = [];

  private constructor(name: string, holder: Deno.ChildProcess, pid: number) {
    this.name = name;
    this.pid = pid;
    this.#holder = holder;
    this.#keepOpen = holder.stdin.getWriter();
  }

  /** Makes a host; needs root. */
  static async create(name: string): Promise<LabHost> {
    const holder = new Deno.Command("setsid", {
      args: [...UNSHARE, "sh", "-c", init, "init", name, productCommand().join(" ")],
      env: { LC_ALL: "C" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    let said = "";
    const reader = holder.stdout.pipeThrough(new TextDecoderStream()).getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      said += read.value;
      if (said.includes("\n")) break;
    }
    await reader.cancel();
    const pid = Number.parseInt(said);
    if (Number.isInteger(pid)) {
      await holder.stderr.cancel();
      return new LabHost(name, holder, pid);
    }
    const why = await new Response(holder.stderr).text();
    await holder.stdin.close();
    throw new Error(`Cannot make the host "${name}" of namespaces: ${why.trim()}`);
  }

  /** Runs a program on this host, whatever its exit code. */
  tryExec(argv: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
    return tryProgram([...this.#enter(), ...argv], {
      ...options,
      deadlineS: options.deadlineS ?? patient(60),
    });
  }

  /**
   * Runs a program on this host and returns its standard output.
   * @throws {ProgramError} when it does not end with 0.
   */
  async exec(argv: readonly string[], options: ProgramOptions = {}): Promise<string> {
    const result = await this.tryExec(argv, options);
    if (result.code !== 0) throw new ProgramError([`(${this.name})`, ...argv], result);
    return result.stdout;
  }

  /** Runs lines of shell on this host, stopping at the first that fails. */
  shell(script: string, options: ProgramOptions = {}): Promise<string> {
    return this.exec(["sh", "-ec", script], options);
  }

  /** Runs a program that prints JSON; no output reads as an empty list, as `ip -j` means it. */
  async json(argv: readonly string[]): Promise<unknown> {
    const text = (await this.exec(argv)).trim();
    return text === "" ? [] : JSON.parse(text);
  }

  /** Starts a program on this host that runs until it is stopped or the host is removed. */
  start(
    argv: readonly string[],
    options: {
      readonly name?: string;
      readonly env?: Readonly<Record<string, string>>;
      readonly onLine?: (line: string) => void;
    } = {},
  ): Background {
    const name = options.name ?? `${argv[0]} on ${this.name}`;
    const background = Background.start(argv, { ...options, name, enter: this.#enter() });
    this.#background.push(background);
    return background;
  }

  /** Lays a cable: a veth pair with one end here and the other on another host, both down. */
  async link(
    device: string,
    to: { readonly host: LabHost; readonly device: string },
  ): Promise<void> {
    // Only the network namespace is entered: the number of the other host's process counts as the lab sees it.
    await runProgram(
      ["nsenter", "-t", String(this.pid), "-n", "ip", "link", "add", device]
        .concat(["type", "veth", "peer", "name", to.device, "netns", String(to.host.pid)]),
    );
  }

  /** Programs started with {@link start}, running or not. */
  get background(): readonly Background[] {
    return this.#background;
  }

  /** Ends everything on the host and the host itself. */
  async remove(): Promise<void> {
    await this.#keepOpen.close().catch(() => undefined);
    let gone = false;
    const status = this.#holder.status.then(() => gone = true);
    await waitFor(`host ${this.name} ends`, () => Promise.resolve(gone), {
      deadlineS: 5,
      everyMs: 10,
    })
      .catch(() => this.#holder.kill("SIGKILL"));
    await status;
    await Promise.all(this.#background.map((b) => b.ended));
  }

  #enter(): string[] {
    // With its root and folder (-r, -w): the lab may itself be in a tree that is no machine's root.
    return ["nsenter", "-t", String(this.pid), "-m", "-u", "-n", "-p", "-r", "-w", "--"];
  }
}
