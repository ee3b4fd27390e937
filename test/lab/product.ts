import { fileURLToPath } from "node:url";
import { runProgram } from "./run_program.ts";

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

/** Milliseconds after which fetching is worth a line. */
const WORTH_TELLING_MS = 1500;

/**
 * Fetches the packages that the sources need, telling so when it takes a while; nothing to do for an executable.
 * @throws {ProgramError} when they cannot be had.
 */
export async function fetchPackages(say: (line: string) => void): Promise<void> {
  if (productCommand().length === 1) return;
  const tell = () => say("fetching the npm packages that meshover is made with");
  const timer = setTimeout(tell, WORTH_TELLING_MS);
  try {
    const argv = [Deno.execPath(), "cache", "--quiet", "--config", `${ROOT}deno.json`];
    await runProgram([...argv, `${ROOT}main.ts`], { deadlineS: 300 });
  } finally {
    clearTimeout(timer);
  }
}
