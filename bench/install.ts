import { makeBundle } from "../tools/bundle.ts";
import { makePackages } from "../tools/deb.ts";
import { runProgram } from "../test/lab/run_program.ts";
import { debToPing } from "./install/deb_to_ping.ts";
import { median, printFigure, progress } from "./figure.ts";

/** Starts measured, after two that fill the caches. */
const STARTS = 15;
const UNPACKINGS = 5;
/** Meshes of three machines, each made anew. */
const THIRD_NODES = 3;

async function timed(argv: readonly string[], cache: string): Promise<number> {
  const started = performance.now();
  await runProgram(argv, { env: { MESHOVER_CACHE: cache } });
  return performance.now() - started;
}

/** Time from nothing unpacked to an answer. */
async function firstStarts(bundle: string): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < UNPACKINGS; i++) {
    const cache = await Deno.makeTempDir({ prefix: "meshover-bench-" });
    try {
      times.push(await timed([bundle, "version"], cache));
    } finally {
      await Deno.remove(cache, { recursive: true });
    }
  }
  return times;
}

async function warmStarts(bundle: string): Promise<number[]> {
  const cache = await Deno.makeTempDir({ prefix: "meshover-bench-" });
  try {
    for (let i = 0; i < 2; i++) await timed([bundle, "--help"], cache);
    const times: number[] = [];
    for (let i = 0; i < STARTS; i++) times.push(await timed([bundle, "--help"], cache));
    return times;
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
}

/** From the package to a node of a mesh, on the third of three machines. */
async function thirdNode(): Promise<void> {
  if (Deno.uid() !== 0) return progress("install.deb_to_ping.s is left out: it needs root");
  await makePackages(progress);
  const times: number[] = [];
  for (let i = 0; i < THIRD_NODES; i++) times.push(await debToPing());
  const worst = Math.max(...times).toFixed(1);
  printFigure({
    figure: "install.deb_to_ping.s",
    value: median(times),
    samples: times.length,
    note:
      `median; the slowest took ${worst} s; goal 15; Debian 13 under systemd in namespaces of this ` +
      "machine, WireGuard in userspace, FRR on the system",
  });
}

/** Figures of the one file that users install. */
export async function bench(): Promise<void> {
  const bundle = await makeBundle(progress);
  const { size } = await Deno.stat(bundle);
  printFigure({ figure: "install.executable.mib", value: size / 2 ** 20, samples: 1 });
  const warm = await warmStarts(bundle);
  const fastest = Math.min(...warm).toFixed(0);
  printFigure({
    figure: "install.help_warm.ms",
    value: median(warm),
    samples: warm.length,
    note: `median; the fastest took ${fastest} ms; includes starting it with timeout`,
  });
  const first = await firstStarts(bundle);
  const note = "median, unpacking included; the file itself is in memory";
  printFigure({
    figure: "install.first_start.ms",
    value: median(first),
    samples: first.length,
    note,
  });
  await thirdNode();
}
