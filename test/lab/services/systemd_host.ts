import { fileURLToPath } from "node:url";
import { Background } from "../background.ts";
import { LabHost } from "../lab_host.ts";
import { tethered } from "../machine/tethered.ts";
import {
  ProgramError,
  type ProgramOptions,
  type ProgramResult,
  runProgram,
  tryProgram,
} from "../run_program.ts";
import { patient } from "../patience.ts";
import { waitFor } from "../wait_for.ts";

const BOOT = fileURLToPath(new URL("boot.sh", import.meta.url));

/** Seconds after which a machine is ended in any case. */
const LIFETIME_S = 1500;

/** What a machine is made of. */
export interface SystemdHostParts {
  readonly name: string;
  /** Disk image with a Debian root file system; it is not written to. */
  readonly disk: string;
  /** Folder for what the machine writes. It stays over a reboot, as a disk does. */
  readonly folder: string;
  /** Address of eth0, with its prefix length. */
  readonly address: string;
  /** Where the cable of eth0 leads, and the device with the other end there. */
  readonly cable: { readonly to: LabHost; readonly device: string };
  readonly gateway: string;
  /** A folder of this machine that the host finds at /packages. */
  readonly packages: string;
}

/**
 * A machine made of namespaces that Debian's own systemd boots from a disk image. It can be rebooted: its processes, devices and
 * network are gone then, its files stay.
 */
export class SystemdHost {
  readonly #parts: SystemdHostParts;
  #init: Background;
  #pid: number;

  private constructor(parts: SystemdHostParts, started: { init: Background; pid: number }) {
    this.#parts = parts;
    this.#init = started.init;
    this.#pid = started.pid;
  }

  /** Makes a machine and boots it; needs root. */
  static async boot(parts: SystemdHostParts): Promise<SystemdHost> {
    const host = new SystemdHost(parts, await start(parts));
    await host.#running();
    return host;
  }

  /** Its host name. */
  get name(): string {
    return this.#parts.name;
  }

  /** Runs a program in the machine, whatever its exit code. */
  tryExec(argv: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
    return tryProgram([...this.#enter(), ...argv], {
      ...options,
      deadlineS: options.deadlineS ?? patient(60),
    });
  }

  /** Runs lines of shell in the machine, stopping at the first that fails. @throws {ProgramError} when one does. */
  async shell(script: string, options: ProgramOptions = {}): Promise<string> {
    const result = await this.tryExec(["sh", "-ec", script], options);
    if (result.code !== 0) throw new ProgramError([`(${this.name})`, script], result);
    return result.stdout;
  }

  /** Starts a program in the machine that runs until it is stopped or the machine ends. */
  start(argv: readonly string[], options: { readonly name: string }): Background {
    return Background.start(argv, { ...options, enter: this.#enter() });
  }

  /** Has systemd end everything in order, and boots again. */
  async reboot(): Promise<void> {
    await this.tryExec(["systemctl", "reboot"]);
    await ended(this.#init, "goes down for the reboot");
    await removeGroup(this.#parts.folder);
    const { init, pid } = await start(this.#parts);
    this.#init = init;
    this.#pid = pid;
    await this.#running();
  }

  /** Ends the machine at once. */
  async remove(): Promise<void> {
    if (this.#init.running) await tryProgram(["kill", "-KILL", String(this.#pid)]);
    await ended(this.#init, "ends");
    await removeGroup(this.#parts.folder);
  }

  #enter(): string[] {
    // The cgroup namespace, too: systemd tells services by it.
    return ["nsenter", "-t", String(this.#pid), "-a", "env", "-i", `PATH=${PATH}`, "HOME=/root"];
  }

  async #running(): Promise<void> {
    await waitFor(`${this.name} has booted`, async () => {
      const { stdout } = await this.tryExec(["systemctl", "is-system-running"], { deadlineS: 20 });
      return /^(running|degraded)$/m.test(stdout) || undefined;
    }, { deadlineS: 60 });
  }
}

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

async function start(parts: SystemdHostParts): Promise<{ init: Background; pid: number }> {
  const { name, disk, folder, address, gateway, packages, cable } = parts;
  await Deno.mkdir(folder, { recursive: true });
  const words = ["outer", disk, folder, name, address, gateway, packages];
  const argv = ["unshare", "-m", "sh", BOOT, ...words];
  const init = Background.start(tethered(argv, { deadlineS: LIFETIME_S }), {
    name: `systemd of ${name}`,
    enter: [],
    env: { BOOT },
  });
  const pid = Number(await init.waitForLine(/^\d+$/));
  const peer = ["type", "veth", "peer", "name", "eth0", "netns", String(pid)];
  await cable.to.shell(`ip link del ${cable.device} 2> /dev/null || true`);
  await runProgram(["nsenter", "-t", String(cable.to.pid), "-n", "ip", "link", "add"].concat(
    [cable.device, ...peer],
  ));
  await cable.to.shell(`ip link set ${cable.device} master lan; ip link set ${cable.device} up`);
  return { init, pid };
}

async function ended(init: Background, what: string): Promise<void> {
  const look = () => Promise.resolve(!init.running || undefined);
  await waitFor(`${init.name} ${what}`, look, { deadlineS: 90 });
}

/** Removes the control groups that the machine's systemd made, which nothing is in any more. */
async function removeGroup(folder: string): Promise<void> {
  const script = `mount --make-rprivate / && mount -t cgroup2 cgroup2 "$1/cgroups" &&
    find "$(cat "$1/group")" -depth -type d -exec rmdir {} +`;
  await waitFor("the control groups are empty", async () => {
    return (await tryProgram(["unshare", "-m", "sh", "-c", script, "sh", folder])).code === 0;
  }, { deadlineS: 10 });
}
