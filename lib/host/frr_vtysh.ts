import { agreedFrrText } from "../plan/frr_text.ts";
import type { Exec, ExecResult } from "./exec.ts";
import { type FrrBackend, missingDaemons } from "./frr_backend.ts";
import { filterDaemonOf, FrrSession, type Refusal } from "./frr_session.ts";
import { VtyshShell } from "./vtysh_shell.ts";

/** Milliseconds that an answer may take: 0.1 s is usual, and an overloaded emulated machine took more than 10. */
export const ANSWER_TIMEOUT_MS = 30_000;

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
  /** Those that answered last. */
  #daemons: readonly string[] = [];
  /** The last listing: reading one of 500 peers takes longer than getting it. */
  #listing: Listing | undefined;
  /** Counts sessions of configuring, each as it begins and as it ends, so that a listing is known to be from before. */
  #changes = 0;
  #shell: VtyshShell | undefined;
  readonly #session: FrrSession;

  constructor(parts: VtyshParts) {
    this.#session = new FrrSession(parts);
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
    const holder = filterDaemonOf(this.#daemons);
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
    if (filterDaemonOf(this.#daemons) !== holder || isFresh && !isSame) {
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
    this.#daemons = daemons!.split(/\s+/).filter(Boolean);
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

  /** Carries out lines of one configuration session up to the first that FRR refuses: {@link FrrSession.configure}. */
  async configure(lines: readonly string[]): Promise<Refusal | undefined> {
    this.#changes++;
    try {
      return await this.#session.configure(lines, this.#daemons);
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
