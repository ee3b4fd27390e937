import { agreedFrrText } from "../plan/frr_text.ts";
import { resumeFrom } from "../plan/frr_resume.ts";
import type { Exec, ExecResult } from "./exec.ts";
import { type FrrBackend, missingDaemons } from "./frr_backend.ts";
import { VtyshShell } from "./vtysh_shell.ts";

/** Linux takes 128 KiB in one argument (MAX_ARG_STRLEN); lines are given in pieces of at most this many characters. */
const PIECE = 60_000;

/**
 * Lines from which on they are given as a file's would be. FRR then takes prefix lists, route maps and interfaces in few steps,
 * but bgpd waits a second before it talks to new peers. FRR 8.4 needs half the time for 900 lines; the mgmtd of FRR 10, which
 * compares its whole configuration for each line otherwise, a tenth: 0.6 s in place of 12 for 100 tunnels beside 100 others.
 */
const MANY_LINES: Readonly<Record<FilterDaemon, number>> = { zebra: 300, mgmtd: 200 };
const BEGIN_FILE = "XFRR_start_configuration";
const END_FILE = "XFRR_end_configuration";

const CONFIGURE = "configure terminal";
/** As vtysh of FRR 10 begins with a file: mgmtd's configuration is locked until the session ends. */
const CONFIGURE_LOCKED = "configure terminal file-lock";

/**
 * mgmtd of FRR 10 keeps what it could not delete of a file among what it is to commit, and fails at everything that comes after
 * it (github.com/FRRouting/frr, issue 22517): a VRF that is in use.
 */
const NEVER_IN_FILE = /^\s*no vrf /;

/** What FRR 10 says of a file that it did not take, without failing. */
const FILE_FAILED = /^% ?(Configuration failed|.*commit failed)/m;

/** Milliseconds that a large configuration may take: FRR 8.4 needs 0.1 s a line when its lists are long. */
const APPLY_TIMEOUT_MS = 120_000;

/** Milliseconds that an answer may take: 0.1 s is usual, and an overloaded emulated machine took more than 10. */
export const ANSWER_TIMEOUT_MS = 30_000;

/**
 * mgmtd of FRR 10 holds a lock while it commits and while it tells a daemon of its configuration; who comes then is sent away
 * (github.com/FRRouting/frr, issue 19297).
 */
export const LOCKED: RegExp =
  /could not lock (candidate|running) DS|candidate datastore locked by another session/;
const LOCKED_MS = 20_000;
const LOCK_AGAIN_MS = 200;

/** How a listing of the configuration ends. */
const END_OF_LISTING = "\nend\n";

/**
 * How long it is believed that all daemons agree, while the listing of the whole stays the same, milliseconds. A daemon that
 * was started again also lost what only it has, so that the whole is another; this is for what nobody thought of.
 */
const AGREED_FOR_MS = 60_000;

/** What vtysh is run through. */
export interface VtyshParts {
  readonly exec: Exec;
  readonly backend: FrrBackend;
  /** Milliseconds that only ever grow. */
  readonly now: () => number;
}

/** FRR's shell. */
export class Vtysh {
  readonly #exec: Exec;
  readonly #backend: FrrBackend;
  readonly #now: () => number;
  #filterDaemon: FilterDaemon = "zebra";
  /** The last listing: reading one of 500 peers takes longer than getting it. */
  #listing: Listing | undefined;
  /** Counts sessions of configuring, each as it begins and as it ends, so that a listing is known to be from before. */
  #changes = 0;
  #shell: VtyshShell | undefined;

  constructor(parts: VtyshParts) {
    this.#exec = parts.exec;
    this.#backend = parts.backend;
    this.#now = parts.now;
  }

  /** The configuration that {@link look} last gave; undefined before. */
  get lastListing(): string | undefined {
    return this.#listing?.agreed;
  }

  /** Asks one vtysh that stays, where the backend has one, until `signal` aborts. */
  keepShell(signal: AbortSignal): void {
    const exec = this.#exec;
    const argv = this.#backend.shell;
    if (argv === undefined || signal.aborted) return;
    const shell = new VtyshShell({ exec, argv, timeoutMs: ANSWER_TIMEOUT_MS });
    this.#shell = shell;
    signal.addEventListener("abort", () => void shell.close(), { once: true });
  }

  /** Runs commands one after the other, up to the first that fails. */
  async ask(commands: readonly string[]): Promise<ExecResult> {
    const answers = await this.#shell?.ask(commands);
    if (answers !== undefined) return { code: 0, stdout: answers.join(""), stderr: "" };
    const argv = this.#backend.vtysh(commands.flatMap((command) => ["-c", command]));
    return await this.#exec.run(argv, { timeoutMs: ANSWER_TIMEOUT_MS });
  }

  /** Answers of several commands, each by itself, from one run of vtysh: starting it takes longer than most answers. */
  async askEach(commands: readonly string[]): Promise<readonly string[]> {
    const answers = await this.#shell?.ask(commands);
    if (answers !== undefined) return answers;
    const argv = this.#backend.vtysh(["-E", ...commands.flatMap((command) => ["-c", command])]);
    const { stdout } = await this.#exec.run(argv, { timeoutMs: ANSWER_TIMEOUT_MS });
    return answersTo(commands, stdout);
  }

  /** A look at FRR; undefined unless all that meshover needs answer. */
  async look(): Promise<ShownFrr | undefined> {
    const holder = this.#filterDaemon;
    const last = this.#listing;
    const changes = this.#changes;
    const isFresh = last !== undefined && last.changes === changes &&
      this.#now() - last.agreedAt < AGREED_FOR_MS;
    const shown = await this.#list(isFresh ? [] : ["bgpd", holder]);
    if (shown === undefined) {
      await this.#shell?.renew();
      return undefined;
    }
    const isSame = isFresh && shown.listings[0] === last.whole;
    // Another daemon holds the filters than was thought, or something is not as it was: now each is asked.
    if (this.#filterDaemon !== holder || isFresh && !isSame) {
      this.#changes++;
      return await this.look();
    }
    const running = isSame ? last.agreed : this.#read(shown.listings, changes);
    return { running, sessions: shown.sessions };
  }

  /** What is listed of the whole configuration and of the parts of these daemons; undefined unless all is complete. */
  async #list(
    parts: readonly string[],
  ): Promise<{ readonly listings: readonly string[]; readonly sessions: string } | undefined> {
    const listed = ["", ...parts.map((whose) => ` ${whose}`)];
    // Asked for their configuration, all daemons are talked to: a vtysh that stays sees which are still, or again, there.
    const shown = await this.ask([
      ...listed.map((whose) => `show running-config${whose}`),
      "show daemons",
      SHOW_SESSIONS,
    ]);
    const listings = shown.stdout.split(/^Building configuration\.\.\.$/m).slice(1);
    const ends = listings.map((listing) => listing.indexOf(END_OF_LISTING));
    // The last command fails while bgpd has no instance; a listing that is not complete is none.
    if (ends.length !== listed.length || ends.includes(-1)) return undefined;
    const rest = listings.at(-1)!.slice(ends.at(-1)! + END_OF_LISTING.length);
    const [daemons] = rest.split("\n", 1);
    if (missingDaemons(daemons!, await this.#backend.needed?.()).length > 0) return undefined;
    this.#filterDaemon = filterDaemon(daemons!);
    return {
      listings: listings.map((listing, index) => listing.slice(0, ends[index])),
      sessions: rest.slice(daemons!.length),
    };
  }

  #read([whole, ...parts]: readonly string[], changes: number): string {
    const text = [whole, ...parts].join();
    const agreed = text === this.#listing?.text
      ? this.#listing.agreed
      : agreedFrrText(whole!, parts);
    this.#listing = { whole: whole!, text, agreed, agreedAt: this.#now(), changes };
    return agreed;
  }

  /**
   * Carries out lines of one configuration session up to the first that FRR refuses. By `-c`, which takes a neighbour away
   * when told so, and needed 0.5 s for what `-b` did in 0.8 and frr-reload in 4.6.
   */
  async configure(lines: readonly string[]): Promise<Refusal | undefined> {
    if (
      lines.length < MANY_LINES[this.#filterDaemon] ||
      lines.some((line) => NEVER_IN_FILE.test(line))
    ) {
      return await this.#configure(lines);
    }
    const enter = this.#filterDaemon === "mgmtd" ? CONFIGURE_LOCKED : CONFIGURE;
    const refusal = await this.#configure([BEGIN_FILE, ...lines, END_FILE], enter);
    if (refusal === undefined) return undefined;
    // Otherwise bgpd waits ten minutes for the end. One by one, FRR says which line it is that it refuses.
    await this.#configure([END_FILE]);
    return await this.#configure(lines);
  }

  /** While somebody else's session holds FRR 10's configuration, it takes no line; then it goes on where it stopped. */
  async #configure(lines: readonly string[], enter = CONFIGURE): Promise<Refusal | undefined> {
    const end = this.#now() + LOCKED_MS;
    for (let left = lines;;) {
      const result = await this.#session(left, enter);
      const refusal = refusalIn(result, { isFile: left[0] === BEGIN_FILE });
      if (refusal === undefined || !LOCKED.test(refusal.said) || this.#now() > end) {
        return refusal;
      }
      await new Promise((resolve) => setTimeout(resolve, LOCK_AGAIN_MS));
      // The first is "configure terminal", the last the one that was refused.
      left = resumeFrom(left, Math.max(shownCommands(result.stdout).length - 2, 0));
    }
  }

  async #session(lines: readonly string[], enter: string): Promise<ExecResult> {
    this.#changes++;
    const pieces = [enter];
    for (const line of lines) {
      const last = pieces.at(-1)!;
      if (last.length + line.length < PIECE) pieces[pieces.length - 1] = `${last}\n${line}`;
      else pieces.push(line);
    }
    const args = ["-E", ...pieces.flatMap((piece) => ["-c", piece])];
    try {
      return await this.#exec.run(this.#backend.vtysh(args), { timeoutMs: APPLY_TIMEOUT_MS });
    } finally {
      this.#changes++;
    }
  }
}

/** Asks for the state of all BGP sessions. */
export const SHOW_SESSIONS = "show bgp summary json";

/** A listing that was read. */
interface Listing {
  /** What FRR listed for all daemons together. */
  readonly whole: string;
  /** That and what the daemons that must agree listed. */
  readonly text: string;
  /** What they agree on. */
  readonly agreed: string;
  /** When they did, milliseconds as {@link VtyshParts.now} counts. */
  readonly agreedAt: number;
  /** How many sessions of configuring had begun or ended when it was asked for. */
  readonly changes: number;
}

/** What FRR shows at one look: starting vtysh takes longer than either answer. */
export interface ShownFrr {
  /** The running configuration, as far as the daemons agree on it. */
  readonly running: string;
  /** What it says to {@link SHOW_SESSIONS}; no JSON while bgpd has no instance. */
  readonly sessions: string;
}

/** A command that vtysh repeats behind its prompt (-E). */
const SHOWN_COMMAND = /^\S*(\([a-z0-9-]+\))?# /;

function shownCommands(stdout: string): string[] {
  return stdout.split("\n").filter((line) => SHOWN_COMMAND.test(line));
}

/** A line that FRR did not take. */
export interface Refusal {
  readonly line: string;
  /** FRR's own words. */
  readonly said: string;
}

/** A refusal as part of a message. */
export function inWords({ line, said }: Refusal): string {
  return `"${line}": ${said}`;
}

/** The line at which vtysh stopped, and what it said; with -E it prints each line behind its prompt before carrying it out. */
function refusalIn(
  { code, stdout, stderr }: ExecResult,
  { isFile }: { readonly isFile: boolean },
): Refusal | undefined {
  if (code === 0 && !(isFile && FILE_FAILED.test(stdout))) return undefined;
  const all = stdout.split("\n");
  const at = all.findLastIndex((line) => SHOWN_COMMAND.test(line));
  const line = all[at]?.replace(/^\S*# /, "").trim() ?? "";
  const said = [...all.slice(at + 1), ...stderr.split("\n")]
    .map((one) => one.replace(/^%\s*/, "").trim())
    .filter((one) => one !== "");
  return { line, said: said.join("; ") || `exit ${code}` };
}

/** The daemon that keeps zebra's filters: FRR 10 moved them to mgmtd, and zebra lists them no more. */
type FilterDaemon = "zebra" | "mgmtd";

function filterDaemon(showDaemons: string): FilterDaemon {
  return showDaemons.split(/\s+/).includes("mgmtd") ? "mgmtd" : "zebra";
}

/** What follows each command where vtysh was told to repeat it behind its prompt (-E); nothing for one that was not reached. */
function answersTo(commands: readonly string[], shown: string): string[] {
  const answers = commands.map(() => "");
  let rest = shown;
  let last = -1;
  commands.forEach((command, index) => {
    const mark = `# ${command}\n`;
    const at = rest.indexOf(mark);
    if (at === -1) return;
    const prompt = rest.lastIndexOf("\n", at) + 1;
    if (last !== -1) answers[last] = rest.slice(0, prompt);
    rest = rest.slice(at + mark.length);
    last = index;
  });
  if (last !== -1) answers[last] = rest;
  return answers;
}
