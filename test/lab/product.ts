import { fileURLToPath } from "node:url";
import { runProgram, tryProgram } from "./run_program.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What the roles may do when they are run from the sources. */
const PERMISSIONS = ["net", "read", "write", "env", "run", "sys", "ffi"].map((p) => `--allow-${p}`);

/**
 * The words that start meshover: the executable that MESHOVER_BIN names or, without it, these sources. Hosts of the lab reach no
 * registry, so the sources' packages must have been fetched before ({@link fetchPackages}).
 */
export function productCommand(): string[] {
  const executable = Deno.env.get("MESHOVER_BIN");
  if (executable !== undefined && executable !== "") return [executable];
  const options = ["--quiet", "--no-prompt", "--cached-only", "--config", `${ROOT}deno.json`];
  return [Deno.execPath(), "run", ...options, ...PERMISSIONS, `${ROOT}main.ts`];
}

/**
 * Fetches the packages that the sources need, after telling so; quick when they are there, and nothing to do for an executable.
 * @throws {ProgramError} when they cannot be had.
 */
export async function fetchPackages(say: (line: string) => void): Promise<void> {
  if (productCommand().length === 1) return;
  const fetch = (extra: readonly string[]) => [
    ...[Deno.execPath(), "cache", "--quiet", ...extra],
    ...["--config", `${ROOT}deno.json`, `${ROOT}main.ts`],
  ];
  if ((await tryProgram(fetch(["--cached-only"]))).code === 0) return;
  say("fetching the npm packages that meshover is made with");
  await runProgram(fetch([]), { deadlineS: 300 });
}
