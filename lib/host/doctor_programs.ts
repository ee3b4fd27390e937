import type { FrrFact, ProgramFact } from "../plan/doctor_facts.ts";
import { type Exec, type ExecResult, MissingProgramError } from "./exec.ts";

/** How each program tells its version. */
const VERSION_FLAG: Readonly<Record<string, string>> = {
  ip: "-V",
  ss: "-V",
  wg: "--version",
  nft: "--version",
  sysctl: "--version",
  unshare: "--version",
  "wireguard-go": "--version",
};

/** Where distributions put FRR's daemons: Debian and Alpine, Red Hat. */
const FRR_FOLDERS: readonly string[] = ["/usr/lib/frr", "/usr/libexec/frr"];

const WAIT_MS = 5_000;

/** What a program said, or undefined when there is no such program; one that hangs said nothing. */
export async function ask(exec: Exec, argv: readonly string[]): Promise<ExecResult | undefined> {
  try {
    return await exec.run(argv, { timeoutMs: WAIT_MS });
  } catch (error) {
    if (error instanceof MissingProgramError) return undefined;
    return { code: -1, stdout: "", stderr: `no answer in ${WAIT_MS / 1000} s` };
  }
}

function versionIn(result: ExecResult | undefined): string | undefined {
  if (result === undefined) return undefined;
  return /\d+(?:\.\d+)+/.exec(result.stdout + result.stderr)?.[0] ?? "";
}

/** Looks for the programs that the agent runs, and their versions. */
export async function findPrograms(exec: Exec): Promise<readonly ProgramFact[]> {
  return await Promise.all(
    Object.entries(VERSION_FLAG).map(async ([program, flag]) => ({
      program,
      version: versionIn(await ask(exec, [program, flag])),
    })),
  );
}

async function systemFrr(exec: Exec): Promise<FrrFact> {
  const daemons = ["zebra", "bgpd", "bfdd"];
  for (const folder of FRR_FOLDERS) {
    const versions = await Promise.all(
      daemons.map(async (name) => versionIn(await ask(exec, [`${folder}/${name}`, "--version"]))),
    );
    const missingDaemons = daemons.filter((_, i) => versions[i] === undefined);
    if (missingDaemons.length < daemons.length) {
      const version = versions.find((v) => v !== undefined);
      return { backend: "system", version, engineError: undefined, missingDaemons };
    }
  }
  return { backend: "system", version: undefined, engineError: undefined, missingDaemons: daemons };
}

/** Looks for FRR in the way that it is to be run. */
export async function findFrr(exec: Exec, backend: FrrFact["backend"]): Promise<FrrFact> {
  if (backend === "system") return await systemFrr(exec);
  if (backend === "none") {
    return { backend, version: undefined, engineError: undefined, missingDaemons: [] };
  }
  const version = versionIn(await ask(exec, [backend, "--version"]));
  const info = version === undefined ? undefined : await ask(exec, [backend, "info"]);
  const said = (info?.stderr.trim() || info?.stdout.trim() || "").split("\n").at(-1);
  const engineError = info === undefined || info.code === 0 ? undefined : said;
  return { backend, version, engineError, missingDaemons: [] };
}

/** Those of `modules` that are on disk for the running kernel. */
export async function modulesOnDisk(
  exec: Exec,
  modules: readonly string[],
): Promise<readonly string[]> {
  const found = await Promise.all(
    modules.map(async (name) => (await ask(exec, ["modinfo", "-n", name]))?.code === 0),
  );
  return modules.filter((_, i) => found[i]);
}
