import { StateError } from "../../../lib/model/errors.ts";
import { ensurePackages } from "../../../tools/setup.ts";
import { emulator } from "./emulator.ts";
import { imageRecipe, type Release, RELEASES } from "./image_recipe.ts";
import { tryProgram } from "../run_program.ts";
import { jobDisk } from "./job_disk.ts";
import { LAB_DIR } from "./project_root.ts";
import { qemuCommand } from "./qemu_command.ts";
import { rootImage } from "./root_image.ts";
import { tethered } from "./tethered.ts";
import { toolsDisk } from "./tools_disk.ts";

/** A machine that can be started any number of times, each time as new. */
export interface Image {
  readonly release: Release;
  /** The words that start the emulator. */
  readonly emulator: readonly string[];
  readonly kernel: string;
  readonly rootDisk: string;
  readonly toolsDisk: string;
}

/** Which image to make. */
export interface ImageOptions {
  /** Debian release; trixie by default. */
  readonly release?: Release;
  /** Names of {@link FLAVOURS}; none by default. */
  readonly flavours?: readonly string[];
  /** Told what is being done and takes a while. */
  readonly say?: (line: string) => void;
}

/** What to run, and how long. */
export interface RunOptions {
  readonly image: Image;
  /** The command and its arguments; absent: an interactive shell at this process's terminal. */
  readonly command?: readonly string[];
  /** `/meshover`, the project, by default. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** After this the machine is ended and the run fails, milliseconds. */
  readonly timeoutMs: number;
  /** Told every line that the command prints, standard output and error alike. */
  readonly onLine?: (line: string) => void;
  /** Told once, when the command is about to start. */
  readonly onReady?: () => void;
  /** Boot Debian's systemd (25 s) in place of a bare first program (6 s). */
  readonly systemd?: boolean;
  /** Let the machine's clock count instructions, for ratios that do not depend on what else the host does. */
  readonly steady?: boolean;
  readonly memoryMiB?: number;
  /** Absolute paths in the machine to bring back, packed into `archive`. */
  readonly collect?: { readonly paths: readonly string[]; readonly archive: string };
}

/** What the machine is made with and run by, as Debian packages. */
const PACKAGES = [
  "mmdebstrap",
  "debian-archive-keyring",
  "e2fsprogs",
  "xz-utils",
  "util-linux",
];

/** Makes what a machine needs, or finds it made. @throws {StateError} when it cannot be made. */
export async function buildImage(options: ImageOptions = {}): Promise<Image> {
  const say = options.say ?? (() => {});
  const release = options.release ?? RELEASES[0]!;
  const flavours = options.flavours ?? [];
  await ensurePackages(PACKAGES, say);
  const root = await rootImage(imageRecipe(release, flavours), { flavours, say });
  return {
    release,
    emulator: await emulator({ say }),
    kernel: root.kernel,
    rootDisk: root.disk,
    toolsDisk: await toolsDisk({ say }),
  };
}

/** The machine ended before its command began. */
class BootError extends StateError {}

/**
 * Starts a machine, runs one command in it as root with the project at `/meshover`, and returns its exit code. The machine
 * and its disks are gone afterwards, whatever happened. A machine that does not come up is started once more: a boot was seen
 * to end in a panic of the emulated kernel.
 * @throws {StateError} when the machine does not come up, ends before the command does, or takes too long.
 */
export async function runInMachine(options: RunOptions): Promise<{ readonly code: number }> {
  try {
    return await runOnce(options);
  } catch (error) {
    if (!(error instanceof BootError)) throw error;
    options.onLine?.(`${error.message}\nlab: starting the machine once more`);
    return await runOnce(options);
  }
}

async function runOnce(options: RunOptions): Promise<{ readonly code: number }> {
  const folder = await runFolder();
  let ready = options.command === undefined;
  const onReady = () => {
    ready = true;
    options.onReady?.();
  };
  try {
    const { command, cwd = "/meshover", env = {}, collect } = options;
    const job = { cwd, env, collect: collect?.paths ?? [] };
    const disk = await jobDisk(command === undefined ? job : { ...job, command }, folder);
    const timedOut = await emulate({ ...options, onReady }, { folder, disk });
    const control = await Deno.readTextFile(`${folder}/control`).catch(() => "");
    const code = /^exit (\d+)$/m.exec(control)?.[1];
    if (code !== undefined) return { code: Number(code) };
    const words = await noResult(folder, timedOut ? options.timeoutMs : undefined);
    throw ready || timedOut ? new StateError(words) : new BootError(words);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs the emulator to its end; true when its time ran out. */
async function emulate(
  options: RunOptions,
  at: { folder: string; disk: string },
): Promise<boolean> {
  const interactive = options.command === undefined;
  const qemu = qemuCommand({
    emulator: options.image.emulator,
    kernel: options.image.kernel,
    rootDisk: options.image.rootDisk,
    disks: [options.image.toolsDisk, at.disk],
    consoleLog: `${at.folder}/console`,
    control: `${at.folder}/control`,
    ...(options.collect === undefined ? {} : { results: options.collect.archive }),
    memoryMiB: options.memoryMiB ?? 2048,
    interactive,
    systemd: options.systemd ?? false,
    steady: options.steady ?? false,
  });
  const deadlineS = Math.ceil(options.timeoutMs / 1000);
  const [program, ...args] = tethered(qemu, { deadlineS, foreground: interactive });
  const stdio = interactive ? "inherit" : "null";
  const child = new Deno.Command(program!, {
    args,
    // Where the emulator keeps what the machine writes to its disks.
    env: { TMPDIR: at.folder },
    stdin: stdio,
    stdout: interactive ? "inherit" : "piped",
    stderr: "inherit",
  }).spawn();
  if (!interactive) await readOutput(child.stdout, options);
  return (await child.status).code === 124;
}

/** The first line only tells that the machine is up; all others are the command's. */
async function readOutput(
  output: ReadableStream<Uint8Array<ArrayBuffer>>,
  options: RunOptions,
): Promise<void> {
  let rest = "";
  const take = (line: string) =>
    line === "\u0001ready" ? options.onReady?.() : options.onLine?.(line);
  for await (const chunk of output.pipeThrough(new TextDecoderStream())) {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(take);
  }
  if (rest !== "") take(rest);
}

async function noResult(folder: string, timeoutMs: number | undefined): Promise<string> {
  const kept = `${LAB_DIR}/console.log`;
  const log = await Deno.readTextFile(`${folder}/console`).catch(() => "");
  await Deno.writeTextFile(kept, log);
  const last = log.trim().split(/\n.*(?:Kernel panic|BUG:|Oops:)/)[0]!.split("\n").slice(-5).join(
    "\n",
  );
  const what = timeoutMs === undefined
    ? "ended before its command did"
    : `did not finish in ${timeoutMs / 1000} s`;
  return `The lab's machine ${what}; its console (all of it: ${kept}) said last:\n${last}`;
}

/** A folder for this run, after removing those whose process was ended by force. */
async function runFolder(): Promise<string> {
  await Deno.mkdir(LAB_DIR, { recursive: true });
  for await (const { name } of Deno.readDir(LAB_DIR)) {
    const pid = /^run-(\d+)-/.exec(name)?.[1];
    // Whether the process is there is asked by signal 0: Deno reads /proc with no less than all permissions.
    const alive = pid === undefined ||
      (await tryProgram(["sh", "-c", `kill -0 ${pid}`])).code === 0;
    if (!alive) await Deno.remove(`${LAB_DIR}/${name}`, { recursive: true }).catch(() => {});
  }
  return await Deno.makeTempDir({ dir: LAB_DIR, prefix: `run-${Deno.pid}-` });
}
