import { messageOf } from "../lib/model/errors.ts";
import { buildImage } from "../test/lab/machine/machine.ts";
import { LAB_PACKAGES } from "../test/lab/packages.ts";
import { fetchPackages } from "../test/lab/product.ts";
import { makeBundle } from "./bundle.ts";
import { addTally, formatTally, NO_TESTS, type Tally } from "../test/lab/tally.ts";
import { ensurePackages } from "./setup.ts";
import { scenariosHere } from "./test/scenarios_here.ts";
import { scenariosInMachine } from "./test/scenarios_in_machine.ts";
import { unitTests } from "./test/unit_tests.ts";

/** Seconds for everything. */
const BUDGET_S = 570;

/** Debian packages that the tests need beside the lab's. */
const TEST_PACKAGES = ["fish", "zsh", "zstd"];

/**
 * What only single tests need: other BGP speakers, proxies, container engines. They bring services that would start at the next
 * boot, so they are installed where nobody lives (CI is set, as gates set it); elsewhere those tests say what they lack.
 */
const GATE_PACKAGES = ["bird2", "gobgpd", "caddy", "nginx-light", "podman", "crun", "docker.io"];

/** Seconds that the scenarios on this machine may take, so that time is left for the virtual one. */
const HERE_S = 370;

const started = performance.now();
const elapsed = () => (performance.now() - started) / 1000;
const say = (line: string) => console.log(line);
const skipped: string[] = [];

/** Runs one part; what it throws is a failure with a reason, so that the other parts still run. */
async function part(what: string, run: () => Promise<Tally>): Promise<Tally> {
  say(`\n== ${what} (${elapsed().toFixed(0)} s)`);
  try {
    return await run();
  } catch (error) {
    say(`FAILED  ${what}: ${messageOf(error)}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function skip(what: string, reason: string): Tally {
  skipped.push(`${what}: ${reason}`);
  return { passed: 0, failed: 0, skipped: 1 };
}

/** Passes lines on, and keeps those that tell of something left out. */
function listen(line: string): void {
  const left = /^skipped \[(\w+)\] (.*)$/.exec(line);
  if (left === null) say(line);
  else skipped.push(`${left[2]} [${left[1]}]`);
}

/** Runs a task of tests; with `late`, what it prints comes when it ends, so that it does not mix with others. */
async function deno(task: string, { late = false } = {}): Promise<Tally> {
  const lines: string[] = [];
  const print = late ? (line: string) => void lines.push(line) : say;
  const left = (what: string) => void skipped.push(`${what} (${task})`);
  try {
    return await unitTests({ task, skipped: left, print });
  } finally {
    lines.forEach(say);
  }
}

/** The scenarios and the parts wait for timers most of the time, and are namespaces apart: together they take half as long. */
async function inNamespaces(bundle: Promise<string>): Promise<Tally[]> {
  const parts = part(
    "parts on real kernels and FRR, meanwhile",
    () => deno("test:lab", { late: true }),
  );
  const scenarios = part("scenarios in namespaces of this machine", async () => {
    // What is tried is what users get.
    Deno.env.set("MESHOVER_BIN", Deno.env.get("MESHOVER_BIN") || await bundle);
    return await scenariosHere({ budgetS: HERE_S, print: listen });
  });
  return await Promise.all([scenarios, parts]);
}

/** What needs root: real kernels, real WireGuard, real FRR. */
async function onRealParts(): Promise<Tally[]> {
  // With the program that packs the bundle, so that two do not install packages at once.
  const onGate = (Deno.env.get("CI") ?? "") !== "";
  const more = onGate ? GATE_PACKAGES : [];
  await ensurePackages([...LAB_PACKAGES, ...TEST_PACKAGES, ...more], say);
  const bundle = makeBundle(say);
  const machine = Deno.build.arch === "x86_64" ? buildImage({ say }) : undefined;
  // Their failures are told where they are needed.
  bundle.catch(() => undefined);
  machine?.catch(() => undefined);
  const unit = await part("unit tests", () => deno("test:unit"));
  const here = await inNamespaces(bundle);
  const what = "scenarios in the virtual machine";
  if (machine === undefined) return [unit, ...here, skip(what, "its image is for x86-64")];
  const inside = await part(what, async () => {
    const image = await machine;
    return await scenariosInMachine(image, { budgetS: BUDGET_S - elapsed(), print: listen });
  });
  return [unit, ...here, inside];
}

async function main(): Promise<number> {
  await fetchPackages(say);
  const root = Deno.uid() === 0;
  const tallies = root ? await onRealParts() : [
    await part("unit tests", () => deno("test:unit")),
    skip("everything on real kernels", "needs root to make network namespaces; run it with sudo"),
  ];
  const tally = tallies.reduce(addTally, NO_TESTS);
  if (skipped.length > 0) say(`\nskipped:\n${skipped.map((what) => `    ${what}`).join("\n")}`);
  say(`\nfinished after ${elapsed().toFixed(0)} s`);
  say(formatTally(tally));
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
