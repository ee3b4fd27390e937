import { z } from "zod";
import { StateError } from "../model/errors.ts";
import { type Exec, MissingProgramError, runOrThrow } from "./exec.ts";
import {
  ALWAYS_NEEDED,
  FRR_DAEMONS,
  type FrrBackend,
  type FrrDaemon,
  missingDaemons,
} from "./frr_backend.ts";
import { ANSWER_TIMEOUT_MS } from "./frr_vtysh.ts";
import type { StateDir } from "./state_dir.ts";

/** Where distributions put FRR's daemons: Debian and Alpine, Red Hat. */
const DAEMON_DIRS = ["/usr/lib/frr", "/usr/libexec/frr"] as const;
const RUN_DIR = "/run/frr";
const CONFIG_DIR = "/etc/frr";

/** File in the state directory that remembers which daemons are ours to end. */
const MARKER = "frr-daemons.json";
const markerSchema = z.array(z.enum(FRR_DAEMONS));

/** How long a daemon may take to answer, and how often it is asked, milliseconds. */
const PATIENCE_MS = 30_000;
const ASK_MS = 50;

/** A daemon needs 0.1 s; an emulated machine that is busy took more than 10. */
const START_TIMEOUT_MS = 60_000;

/** No telnet port. */
const ARGUMENTS = ["-P", "0"];

/**
 * -s: the netlink buffer of the distributions' own start script, for many routes at once. -K: what the one before it left in the kernel
 * stays for half a minute, which is longer than bgpd needs to tell it of its routes again (FRR's manual, Zebra); otherwise it takes all
 * routes away first, and the node is not reached for ten seconds.
 */
const ZEBRA_ARGUMENTS = ["-s", "90000000", "-K30"];

/** What the backend works with. */
export interface FrrSystemParts {
  readonly exec: Exec;
  readonly dir: StateDir;
}

/**
 * FRR as the host's own programs. Daemons that answer to vtysh are used as they are, whoever started them; the others
 * are started here, with the default paths, so that it works without systemd and inside a network namespace.
 */
export class FrrSystem implements FrrBackend {
  readonly name = "system";
  readonly shell = ["vtysh"];
  readonly #exec: Exec;
  readonly #dir: StateDir;
  #hasMgmtd: boolean | undefined;

  constructor(parts: FrrSystemParts) {
    this.#exec = parts.exec;
    this.#dir = parts.dir;
  }

  vtysh(args: readonly string[]): readonly string[] {
    return ["vtysh", ...args];
  }

  async ensureRunning(): Promise<{ readonly started: boolean }> {
    const missing = await this.#missing();
    if (missing.length === 0) return { started: false };
    await this.#prepare();
    await this.#remember(missing);
    // bgpd and bfdd look for zebra once a second, zebra for mgmtd every quarter of one: whoever is looked for first saves time.
    const isFirst = (daemon: FrrDaemon) => daemon === "mgmtd" || daemon === "zebra";
    const startAll = (daemons: readonly FrrDaemon[]) =>
      Promise.all(daemons.map((daemon) => this.#start(daemon)));
    await startAll(missing.filter(isFirst));
    await startAll(missing.filter((daemon) => !isFirst(daemon)));
    // A daemon that has put itself into the background listens already; vtysh is not asked, which takes 0.1 s.
    await this.#waitUntil(
      async () => (await this.#listening(missing)).length === missing.length,
      "listen for vtysh",
    );
    return { started: true };
  }

  async stop(): Promise<void> {
    const ours = await this.#ours();
    const running = FRR_DAEMONS.filter((daemon) => ours.includes(daemon));
    const dead = new Set(await this.#missing());
    const pids = await Promise.all(
      running.filter((daemon) => !dead.has(daemon)).map((daemon) => this.#pid(daemon)),
    );
    // The reverse of starting: zebra takes the routes out of the kernel that bgpd put there.
    for (const pid of pids.filter((one) => one !== undefined).reverse()) await this.#end(pid);
    await this.#dir.remove(MARKER);
  }

  /** One that somebody else started is his to start anew; FRR's own watchfrr would, but may not be there. */
  async restartMgmtd(): Promise<boolean> {
    const pid = (await this.#ours()).includes("mgmtd") ? await this.#pid("mgmtd") : undefined;
    if (pid === undefined) return false;
    await this.#end(pid);
    await this.ensureRunning();
    return true;
  }

  async describe(): Promise<string> {
    const ours = await this.#ours();
    return ours.length === 0
      ? "daemons of the system"
      : `${ours.join(", ")} started by meshover, the others by the system`;
  }

  async #missing(): Promise<FrrDaemon[]> {
    const needed = await this.needed();
    // Where nobody listens, nobody needs to be asked.
    if ((await this.#listening(needed)).length === 0) return [...needed];
    const shown = await this.#exec.run(this.vtysh(["-c", "show daemons"]), {
      timeoutMs: ANSWER_TIMEOUT_MS,
    });
    return missingDaemons(shown.code === 0 ? shown.stdout : "", needed);
  }

  /** The daemons that have a socket for vtysh; one that was killed leaves its own behind. */
  async #listening(daemons: readonly FrrDaemon[]): Promise<readonly FrrDaemon[]> {
    const looks = await Promise.all(
      daemons.map((daemon) => this.#exec.run(["test", "-S", `${RUN_DIR}/${daemon}.vty`])),
    );
    return daemons.filter((_, i) => looks[i]!.code === 0);
  }

  async needed(): Promise<readonly FrrDaemon[]> {
    if (this.#hasMgmtd === undefined) {
      const looks = DAEMON_DIRS.map((dir) => this.#exec.run(["test", "-x", `${dir}/mgmtd`]));
      this.#hasMgmtd = (await Promise.all(looks)).some(({ code }) => code === 0);
    }
    return this.#hasMgmtd ? ["mgmtd", ...ALWAYS_NEEDED] : ALWAYS_NEEDED;
  }

  /** vtysh and the daemons need their directories, which a private mount namespace does not have. */
  async #prepare(): Promise<void> {
    await runOrThrow(this.#exec, ["install", "-d", "-o", "frr", "-g", "frr", RUN_DIR, CONFIG_DIR]);
    const conf = `${CONFIG_DIR}/vtysh.conf`;
    if ((await this.#exec.run(["test", "-e", conf])).code === 0) return;
    await runOrThrow(this.#exec, [
      "install",
      "-o",
      "frr",
      "-g",
      "frr",
      "-m",
      "640",
      "/dev/stdin",
      conf,
    ], {
      stdin: "service integrated-vtysh-config\n",
    });
  }

  async #start(daemon: FrrDaemon): Promise<void> {
    for (const dir of DAEMON_DIRS) {
      try {
        const args = ["-d", ...ARGUMENTS, ...(daemon === "zebra" ? ZEBRA_ARGUMENTS : [])];
        const argv = [`${dir}/${daemon}`, ...args];
        const { code } = await this.#exec.run(argv, {
          leavesDaemon: true,
          timeoutMs: START_TIMEOUT_MS,
        });
        if (code === 0) return;
        throw new StateError(
          `Cannot start ${
            argv.join(" ")
          }: exit ${code}; the system's log (journalctl -t ${daemon}) says why`,
        );
      } catch (error) {
        if (!(error instanceof MissingProgramError)) throw error;
      }
    }
    throw new StateError(
      `Cannot start ${daemon}: it is not in ${
        DAEMON_DIRS.join(" nor ")
      }; install FRR (apt install frr), or choose --frr podman, docker, nerdctl or none`,
    );
  }

  async #ours(): Promise<readonly FrrDaemon[]> {
    const text = await this.#dir.read(MARKER);
    if (text === undefined) return [];
    const parsed = markerSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : [];
  }

  async #remember(started: readonly FrrDaemon[]): Promise<void> {
    const all = new Set([...await this.#ours(), ...started]);
    await this.#dir.write(MARKER, JSON.stringify([...all]));
  }

  async #pid(daemon: FrrDaemon): Promise<string | undefined> {
    const read = await this.#exec.run(["cat", `${RUN_DIR}/${daemon}.pid`]);
    const pid = read.stdout.trim();
    return read.code === 0 && /^[1-9][0-9]*$/.test(pid) ? pid : undefined;
  }

  async #end(pid: string): Promise<void> {
    await this.#exec.run(["kill", pid]);
    await this.#waitUntil(
      async () => (await this.#exec.run(["kill", "-0", pid])).code !== 0,
      "end",
    );
  }

  async #waitUntil(done: () => Promise<boolean>, what: string): Promise<void> {
    const tries = PATIENCE_MS / ASK_MS;
    for (let turn = 0; turn < tries; turn++) {
      if (await done()) return;
      await new Promise((resolve) => setTimeout(resolve, ASK_MS));
    }
    throw new StateError(`FRR's daemons did not ${what} within ${PATIENCE_MS / 1000} s`);
  }
}
