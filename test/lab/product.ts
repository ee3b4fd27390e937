import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What the roles may do when they are run from the sources. */
const PERMISSIONS = ["net", "read", "write", "env", "run", "sys", "ffi"].map((p) => `--allow-${p}`);

/**
 * The words that start meshover: the executable that MESHOVER_BIN names or, without it, these sources. Hosts of the lab reach no
 * registry, so the sources' packages must have been fetched before ({@link fetchPackagesCommand}).
 */
export function productCommand(): string[] {
  const executable = Deno.env.get("MESHOVER_BIN");
  if (executable !== undefined && executable !== "") return [executable];
  const options = ["--quiet", "--no-prompt", "--cached-only", "--config", `${ROOT}deno.json`];
  return [Deno.execPath(), "run", ...options, ...PERMISSIONS, `${ROOT}main.ts`];
}

/** The command that fetches the packages the sources need; nothing to do for an executable. */
export function fetchPackagesCommand(): string[] | undefined {
  if (productCommand().length === 1) return undefined;
  return [Deno.execPath(), "cache", "--quiet", "--config", `${ROOT}deno.json`, `${ROOT}main.ts`];
}
