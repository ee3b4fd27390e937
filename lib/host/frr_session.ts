import {
  canPart,
  type ConfiguredDaemon,
  type LinesByDaemon,
  linesByDaemon,
} from "../plan/frr_by_daemon.ts";
import { resumeFrom } from "../plan/frr_resume.ts";
import type { Exec, ExecResult } from "./exec.ts";
import type { FrrBackend } from "./frr_backend.ts";

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
 * Lines for mgmtd from which on each daemon gets its own, mgmtd's as a file's. One by one, mgmtd takes 2 ms for a line of a mesh
 * of three and more for one of a larger mesh; bgpd, which is not told of a file, does not wait. The configuration of three nodes takes
 * 0.11 s in place of 0.42, in the emulated machine 1.7 in place of 5.4. For fewer lines, starting vtysh three times costs more.
 */
const WORTH_PARTING = 30;

function isWorthParting({ mgmtd, bgpd }: LinesByDaemon): boolean {
  return mgmtd.length >= WORTH_PARTING && bgpd.length < MANY_LINES.zebra;
}

/**
 * mgmtd of FRR 10 keeps what it could not delete of a file among what it is to commit, and fails at everything that comes after
 * it (github.com/FRRouting/frr, issue 22517): a VRF that is in use.
 */
const NEVER_IN_FILE = /^\s*no vrf /;

/** What FRR 10 says of a file that it did not take, without failing. */
const FILE_FAILED = /^% ?(Configuration failed|.*commit failed)/m;

/** Milliseconds that a large configuration may take: FRR 8.4 needs 0.1 s a line when its lists are long. */
const APPLY_TIMEOUT_MS = 120_000;

/**
 * mgmtd of FRR 10 holds a lock while it commits and while it tells a daemon of its configuration; who comes then is sent away
 * (github.com/FRRouting/frr, issue 19297).
 */
export const LOCKED: RegExp =
  /could not lock (candidate|running) DS|candidate datastore locked by another session/;
const LOCKED_MS = 20_000;
const LOCK_AGAIN_MS = 200;

/** The daemon that keeps zebra's filters: FRR 10 moved them to mgmtd, and zebra lists them no more. */
export type FilterDaemon = "zebra" | "mgmtd";

/** Which one it is, where these daemons run. */
export function filterDaemonOf(daemons: readonly string[]): FilterDaemon {
  return daemons.includes("mgmtd") ? "mgmtd" : "zebra";
}

/** How a session is run. */
interface SessionOptions {
  /** The command that it begins with. */
  readonly enter?: string;
  /** The only daemon that takes part; all where absent. */
  readonly daemon?: ConfiguredDaemon;
}

/** What configuring needs. */
export interface FrrSessionParts {
  readonly exec: Exec;
  readonly backend: FrrBackend;
  /** Milliseconds that only ever grow. */
  readonly now: () => number;
}

/** Changes of FRR's configuration. */
export class FrrSession {
  constructor(private readonly parts: FrrSessionParts) {}

  /**
   * Carries out lines of one configuration session up to the first that FRR refuses. By `-c`, which takes a neighbour away
   * when told so, and needed 0.5 s for what `-b` did in 0.8 and frr-reload in 4.6.
   * @param daemons those that run, as `show daemons` names them.
   */
  async configure(
    lines: readonly string[],
    daemons: readonly string[],
  ): Promise<Refusal | undefined> {
    if (lines.some((line) => NEVER_IN_FILE.test(line))) return await this.#configure(lines);
    const filterDaemon = filterDaemonOf(daemons);
    const parts = canPart(daemons) ? linesByDaemon(lines) : undefined;
    if (parts !== undefined && isWorthParting(parts)) return await this.#parted(lines, parts);
    if (lines.length < MANY_LINES[filterDaemon]) return await this.#configure(lines);
    const enter = filterDaemon === "mgmtd" ? CONFIGURE_LOCKED : CONFIGURE;
    const refusal = await this.#configure([BEGIN_FILE, ...lines, END_FILE], { enter });
    if (refusal === undefined) return undefined;
    // Otherwise bgpd waits ten minutes for the end. One by one, FRR says which line it is that it refuses.
    await this.#configure([END_FILE]);
    return await this.#configure(lines);
  }

  /** Gives each daemon its lines at the same time; all but bgpd take them as a file's. */
  async #parted(lines: readonly string[], parts: LinesByDaemon): Promise<Refusal | undefined> {
    const asFile = (daemon: "mgmtd" | "bfdd", enter: string) =>
      parts[daemon].length === 0
        ? undefined
        : this.#configure([BEGIN_FILE, ...parts[daemon], END_FILE], { enter, daemon });
    const refusals = await Promise.all([
      asFile("mgmtd", CONFIGURE_LOCKED),
      asFile("bfdd", CONFIGURE),
      parts.bgpd.length === 0 ? undefined : this.#configure(parts.bgpd, { daemon: "bgpd" }),
    ]);
    if (refusals.every((refusal) => refusal === undefined)) return undefined;
    for (const daemon of ["mgmtd", "bfdd"] as const) await this.#configure([END_FILE], { daemon });
    // One by one, FRR says which line it is that it refuses, and takes all before it.
    return await this.#configure(lines);
  }

  /** While somebody else's session holds FRR 10's configuration, it takes no line; then it goes on where it stopped. */
  async #configure(
    lines: readonly string[],
    options: SessionOptions = {},
  ): Promise<Refusal | undefined> {
    const end = this.parts.now() + LOCKED_MS;
    for (let left = lines;;) {
      const result = await this.#session(left, options);
      const refusal = refusalIn(result, { isFile: left[0] === BEGIN_FILE });
      if (refusal === undefined || !LOCKED.test(refusal.said) || this.parts.now() > end) {
        return refusal;
      }
      await new Promise((resolve) => setTimeout(resolve, LOCK_AGAIN_MS));
      // The first is "configure terminal", the last the one that was refused.
      left = resumeFrom(left, Math.max(shownCommands(result.stdout).length - 2, 0));
    }
  }

  async #session(
    lines: readonly string[],
    { enter = CONFIGURE, daemon }: SessionOptions,
  ): Promise<ExecResult> {
    const pieces = [enter];
    for (const line of lines) {
      const last = pieces.at(-1)!;
      if (last.length + line.length < PIECE) pieces[pieces.length - 1] = `${last}\n${line}`;
      else pieces.push(line);
    }
    const only = daemon === undefined ? [] : ["-d", daemon];
    const args = [...only, "-E", ...pieces.flatMap((piece) => ["-c", piece])];
    const { exec, backend } = this.parts;
    return await exec.run(backend.vtysh(args), { timeoutMs: APPLY_TIMEOUT_MS });
  }
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
