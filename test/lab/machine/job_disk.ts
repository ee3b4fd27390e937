import start from "./guest/start.sh" with { type: "text" };
import { runProgram } from "../run_program.ts";
import { diskFrom } from "./disk_from.ts";
import { PROJECT_ROOT } from "./project_root.ts";
import { shellQuote } from "./shell_quote.ts";

/** What the machine is to do. */
export interface Job {
  /** The command and its arguments; absent for an interactive shell. */
  readonly command?: readonly string[];
  /** Folder to run it in. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Absolute paths in the machine, given back as `results.tar` when the command has ended. */
  readonly collect: readonly string[];
}

/** Names at the top of the project that the machine has no use for. */
const LEFT_OUT = new Set([".git", ".lab", "node_modules", "coverage"]);

/** Makes the disk with the project and `job` in `folder`, and returns its path. */
export async function jobDisk(job: Job, folder: string): Promise<string> {
  const tree = `${folder}/job`;
  await Deno.mkdir(`${tree}/meshover`, { recursive: true });
  const wanted = (await Array.fromAsync(Deno.readDir(PROJECT_ROOT)))
    .filter((entry) => !LEFT_OUT.has(entry.name)).map((entry) => `${PROJECT_ROOT}/${entry.name}`);
  await runProgram(["cp", "--archive", "--reflink=auto", ...wanted, `${tree}/meshover/`]);
  await unpackBundle(`${tree}/cache`);
  await Deno.writeTextFile(`${tree}/start`, start, { mode: 0o755 });
  await Deno.writeTextFile(`${tree}/env`, environment(job));
  await Deno.writeTextFile(
    `${tree}/collect`,
    job.collect.map((path) => `${path.replace(/^\/+/, "")}\n`).join(""),
  );
  if (job.command === undefined) await Deno.writeTextFile(`${tree}/shell`, "");
  else {await Deno.writeTextFile(
      `${tree}/command`,
      `exec ${job.command.map(shellQuote).join(" ")}\n`,
    );}
  const disk = `${folder}/job.img`;
  await diskFrom(tree, { disk, label: "job", mebibytes: 2048 });
  await Deno.remove(tree, { recursive: true });
  return disk;
}

/** Unpacks the bundle, if there is one, as its first start would: that takes the emulated processor half a minute. */
async function unpackBundle(cache: string): Promise<void> {
  const bundle = `${PROJECT_ROOT}/dist/meshover`;
  const isThere = await Deno.stat(bundle).then(() => true, () => false);
  if (isThere) await runProgram([bundle, "version"], { env: { MESHOVER_CACHE: cache } });
}

function environment(job: Job): string {
  return Object.entries({ MESHOVER_CACHE: "/job/cache", ...job.env, LAB_CWD: job.cwd })
    .map(([name, value]) => `export ${name}=${shellQuote(value)}\n`).join("");
}
