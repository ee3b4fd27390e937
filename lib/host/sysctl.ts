import { type Exec, ExecError, type ExecResult } from "./exec.ts";

/**
 * Sets kernel parameters in one run; the keys that failed come back with the reason.
 * Slashes as separators, because a device's name may hold a dot (sysctl(8)).
 */
export async function setSysctls(
  exec: Exec,
  values: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  if (values.size === 0) return new Map();
  const argv = [
    "sysctl",
    "-e",
    "-w",
    ...[...values].map(([key, value]) => `${slashed(key)}=${value}`),
  ];
  const result: ExecResult = await exec.run(argv);
  if (result.code === 0 && result.stderr.trim() === "") return new Map();
  const failed = new Map<string, string>();
  for (const key of values.keys()) {
    const line = result.stderr.split("\n").find((l) => l.includes(slashed(key)) || l.includes(key));
    if (line !== undefined) failed.set(key, line.trim());
  }
  if (failed.size === 0 && result.code !== 0) throw new ExecError(argv, result);
  return failed;
}

/** Reads kernel parameters in one run; those that do not exist are left out. */
export async function readSysctls(
  exec: Exec,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const out = new Map<string, string>();
  if (keys.length === 0) return out;
  const result = await exec.run(["sysctl", "-e", ...keys.map(slashed)]);
  for (const line of result.stdout.split("\n")) {
    const at = line.indexOf(" = ");
    if (at < 0) continue;
    const key = keys.find((k) => k === line.slice(0, at) || slashed(k) === line.slice(0, at));
    if (key !== undefined) out.set(key, line.slice(at + 3).trim());
  }
  return out;
}

/** `net.ipv4.conf.eth0.5.rp_filter` has an ambiguous dot: everything between `conf.` and the last part is the device. */
function slashed(key: string): string {
  const match = /^(net\.ipv[46])\.(conf|neigh)\.(.+)\.([a-z0-9_]+)$/.exec(key);
  if (match === null) return key.replaceAll(".", "/");
  return `${match[1]!.replaceAll(".", "/")}/${match[2]}/${match[3]}/${match[4]}`;
}
