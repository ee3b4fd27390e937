import { StateError } from "../model/errors.ts";
import { diffFrrConf, type FrrMemory, removeFrrConf } from "../plan/frr_diff.ts";
import type { Prefix } from "../model/prefix.ts";
import type { Exec } from "./exec.ts";
import { parseAnnounced, SHOW_ANNOUNCED } from "./frr_announced.ts";
import type { FrrBackend } from "./frr_backend.ts";
import { FrrRefusalError } from "./frr_refusal_error.ts";
import { FrrSyntaxError } from "./frr_syntax_error.ts";
import { parseRefused, type RefusedRoute, showRefused, splitAnswers } from "./frr_refused.ts";
import {
  type BfdSession,
  type BgpSession,
  type FrrRoute,
  parseBfdPeers,
  parseBgpSummary,
  parseRoutes,
  silentInterfaces,
} from "./frr_sessions.ts";
import { StuckMgmtd } from "./frr_stuck.ts";
import { inWords, type Refusal } from "./frr_session.ts";
import { SHOW_SESSIONS, Vtysh } from "./frr_vtysh.ts";

/** How long a tunnel must be silent before it is held to be stuck, milliseconds; advertisements come every 3 s or more often. */
export const STUCK_AFTER_MS = 4_000;

/** How long zebra may take to learn of a new device, and how often it is asked, milliseconds. */
const SEEN_WITHIN_MS = 2_000;
const ASK_AGAIN_MS = 50;

/** Lines of a removal that may be refused before it is given up. */
const MAX_REFUSALS = 20;

/** Tunnels asked about in one run of vtysh. */
const ASK_AT_ONCE = 200;

/** What FRR is worked with through. */
export interface FrrParts {
  readonly exec: Exec;
  readonly backend: FrrBackend;
  /** Milliseconds that only ever grow. */
  readonly now: () => number;
}

/** What was seen of FRR at one moment. */
export interface FrrLook {
  /** The running configuration, as far as the daemons agree on it. */
  readonly running: string;
  /** BGP sessions by tunnel; undefined when what FRR says of them cannot be read, which {@link Frr.sessions} then tells. */
  readonly sessions: ReadonlyMap<string, BgpSession> | undefined;
}

/** FRR through vtysh, wherever the daemons run. */
export class Frr {
  readonly #exec: Exec;
  readonly #backend: FrrBackend;
  readonly #vtysh: Vtysh;
  readonly #mgmtd: StuckMgmtd;
  readonly #now: () => number;
  readonly #silentSince = new Map<string, number>();
  #starting: Promise<{ readonly started: boolean }> | undefined;

  constructor(parts: FrrParts) {
    this.#exec = parts.exec;
    this.#backend = parts.backend;
    this.#vtysh = new Vtysh(parts);
    this.#mgmtd = new StuckMgmtd(parts);
    this.#now = parts.now;
  }

  /** How FRR is run. */
  get name(): string {
    return this.#backend.name;
  }

  /** Asks one vtysh that stays, where that is possible, until `signal` aborts: for who asks again and again. */
  keepShell(signal: AbortSignal): void {
    this.#vtysh.keepShell(signal);
  }

  /** See {@link FrrBackend.ensureRunning}. Who asks while it is being started waits for that. */
  ensureRunning(): Promise<{ readonly started: boolean }> {
    this.#starting ??= this.#backend.ensureRunning().finally(() => this.#starting = undefined);
    return this.#starting;
  }

  /** See {@link FrrBackend.ensureCurrent}. */
  async ensureCurrent(): Promise<{ readonly replaced: boolean }> {
    return await this.#backend.ensureCurrent?.() ?? { replaced: false };
  }

  /** See {@link FrrBackend.stop}. */
  stop(): Promise<void> {
    return this.#backend.stop();
  }

  /** The running configuration, as far as the daemons agree on it; undefined while FRR does not answer or is being started. */
  async running(): Promise<string | undefined> {
    return (await this.look())?.running;
  }

  /** The running configuration and the sessions, by one program; undefined while FRR does not answer or is being started. */
  async look(): Promise<FrrLook | undefined> {
    const look = this.#starting === undefined ? await this.#vtysh.look() : undefined;
    return look && { running: look.running, sessions: readableSessions(look.sessions) };
  }

  /**
   * Carries out lines of a configuration session. When FRR refuses one, what the lines before it did is undone.
   * @throws {FrrRefusalError} with the line and FRR's own words, {StateError} when a daemon has ended or hangs.
   */
  async apply(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    // The caller has just compared with a listing; asking again would cost a quarter of what applying does.
    const before = this.#vtysh.lastListing ?? await this.running();
    const refusal = await this.#vtysh.configure(lines);
    if (refusal === undefined) {
      this.#mgmtd.worked();
      return;
    }
    const stuck = await this.#mgmtd.refused(refusal);
    if (stuck !== undefined) {
      throw new StateError(`Cannot configure FRR: ${inWords(refusal)}; ${stuck.words}`);
    }
    const undone = before === undefined ? "" : await this.#restore(before);
    const why = `Cannot configure FRR: ${inWords(refusal)}${undone}`;
    // bgpd ends at once when it cannot listen.
    if (/bgpd is not running/.test(refusal.said)) {
      throw new StateError(
        `${why}; does another BGP speaker hold TCP port 179? (meshover doctor tells)`,
      );
    }
    throw /is not running/.test(refusal.said) ? new StateError(why) : new FrrRefusalError(why);
  }

  /**
   * Takes out what was applied or begun, of what `running` still has. A line that FRR refuses does not keep the others.
   * @throws {StateError} with FRR's own words, when something of it is still there.
   */
  async remove(memory: FrrMemory, running: string): Promise<void> {
    const refused = new Map<string, Refusal>();
    let left = removeFrrConf(memory, running);
    for (let turn = 0; left.length > 0 && turn < MAX_REFUSALS; turn++) {
      const refusal = await this.#vtysh.configure(left.filter((line) => !refused.has(line)));
      const stuck = refusal && await this.#mgmtd.refused(refusal);
      if (refusal !== undefined && stuck?.again !== true) refused.set(refusal.line, refusal);
      const after = await this.running();
      left = after === undefined ? [] : removeFrrConf(memory, after);
      if (refusal === undefined || stuck?.again === false) break;
    }
    if (left.length === 0) return;
    const said = [...refused.values()].map(inWords).join(", ");
    throw new StateError(
      `Cannot take meshover's part out of FRR's configuration: ${
        said || "FRR keeps it without a word"
      }; left to do: ${left.join("; ")}`,
    );
  }

  /**
   * Has FRR check the syntax of a configuration without applying it.
   * @throws {FrrSyntaxError} with the first line that FRR does not know, and its number.
   */
  async check(text: string): Promise<void> {
    const argv = this.#backend.vtysh(["-C", "-f", "/dev/stdin"], { stdin: true });
    const { code, stdout, stderr } = await this.#exec.run(argv, { stdin: text });
    if (code === 0) return;
    const said = `${stderr}\n${stdout}`.split("\n").find((line) => line.includes("%"));
    const where = /^line (\d+): (.*)$/.exec(said?.trim() ?? "");
    const words = (where?.[2] ?? said?.trim() ?? `exit ${code}`).replace(/^%\s*/, "");
    throw new FrrSyntaxError({ line: where === null ? undefined : Number(where[1]), said: words });
  }

  /** BGP sessions by tunnel; none while bgpd has no instance. */
  async sessions(): Promise<ReadonlyMap<string, BgpSession>> {
    const shown = await this.#vtysh.ask([SHOW_SESSIONS]);
    return shown.code === 0 ? sessionsIn(shown.stdout) : new Map();
  }

  /** BFD sessions by tunnel. */
  async bfdSessions(): Promise<ReadonlyMap<string, BfdSession>> {
    const shown = await this.#vtysh.ask(["show bfd peers json"]);
    return shown.code === 0 && isJson(shown.stdout) ? parseBfdPeers(shown.stdout) : new Map();
  }

  /** Prefixes that this node itself announces, of both families. */
  async announced(): Promise<readonly Prefix[]> {
    return (await this.#vtysh.askEach(SHOW_ANNOUNCED)).flatMap((answer) => parseAnnounced(answer));
  }

  /** Routes in use, of both families. */
  async routes(): Promise<readonly FrrRoute[]> {
    const shown = await this.#vtysh.askEach(["show ip route json", "show ipv6 route json"]);
    return shown.filter(isJson).flatMap((answer) => parseRoutes(answer));
  }

  /** What these peers sent and was not let in, for people to see. @param ownAsn this node's AS number. */
  async refused(tunnels: readonly string[], ownAsn: number): Promise<readonly RefusedRoute[]> {
    const found: RefusedRoute[] = [];
    for (let at = 0; at < tunnels.length; at += ASK_AT_ONCE) {
      const some = tunnels.slice(at, at + ASK_AT_ONCE);
      const answers = splitAnswers((await this.#vtysh.ask(some.flatMap(showRefused))).stdout);
      answers.forEach((answer, index) => {
        const tunnel = some[Math.floor(index / 2)];
        if (tunnel !== undefined) found.push(...parseRefused(answer, { tunnel, ownAsn }));
      });
    }
    return found;
  }

  /** Whether a tunnel is silent, and not yet for long enough to be called stuck. */
  get suspects(): boolean {
    return this.#silentSince.size > 0;
  }

  /**
   * Tunnels whose session can never come up, because zebra missed their link-local address; taking the device down and up
   * again cures them. A tunnel counts only when it was found silent before, four seconds or more ago.
   */
  async stuckTunnels(sessions: ReadonlyMap<string, BgpSession>): Promise<readonly string[]> {
    const waiting = [...sessions.values()]
      .filter(({ state }) => state !== "Established")
      .map(({ tunnel }) => tunnel);
    const silent = new Set<string>();
    for (let at = 0; at < waiting.length; at += ASK_AT_ONCE) {
      const some = waiting.slice(at, at + ASK_AT_ONCE);
      const shown = await this.#vtysh.ask(some.map((tunnel) => `show interface ${tunnel}`));
      for (const name of silentInterfaces(shown.stdout)) silent.add(name);
    }
    for (const name of this.#silentSince.keys()) {
      if (!silent.has(name)) this.#silentSince.delete(name);
    }
    const now = this.#now();
    for (const name of silent) {
      if (!this.#silentSince.has(name)) this.#silentSince.set(name, now);
    }
    const stuck = [...silent].filter((name) =>
      now - this.#silentSince.get(name)! >= STUCK_AFTER_MS
    );
    // The cure starts the count anew.
    for (const name of stuck) this.#silentSince.delete(name);
    return stuck.sort();
  }

  /**
   * Waits until zebra knows the devices, at most two seconds. On one that is configured before, or that comes up in the moment
   * zebra learns of it, FRR 8.4 never sends a router advertisement.
   */
  async waitUntilSeen(devices: readonly string[]): Promise<void> {
    const commands = devices.map((device) => `show interface ${device}`);
    const end = this.#now() + SEEN_WITHIN_MS;
    while (this.#now() < end) {
      const { code, stdout } = await this.#vtysh.ask(commands);
      if (code === 0 && !stdout.includes("pseudo interface")) return;
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }

  /** FRR's version, such as `8.4.4`; empty when it does not answer. */
  async version(): Promise<string> {
    const shown = await this.#vtysh.ask(["show version"]);
    return /^FRRouting (\S+)/m.exec(shown.stdout)?.[1] ?? "";
  }

  async #restore(before: string): Promise<string> {
    const now = await this.running();
    if (now === undefined) return "; FRR does not answer any more";
    const back = diffFrrConf({
      desired: before,
      applied: { text: now, runningAfter: now },
      running: now,
    });
    if (back.length === 0) return "";
    const refusal = await this.#vtysh.configure(back);
    return refusal === undefined
      ? "; the configuration from before is in place"
      : `; and cannot undo the lines before it: ${inWords(refusal)}`;
  }
}

function sessionsIn(shown: string): ReadonlyMap<string, BgpSession> {
  return isJson(shown) ? parseBgpSummary(shown) : new Map();
}

function readableSessions(shown: string): ReadonlyMap<string, BgpSession> | undefined {
  try {
    return sessionsIn(shown);
  } catch (error) {
    if (error instanceof StateError) return undefined;
    throw error;
  }
}

function isJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}
