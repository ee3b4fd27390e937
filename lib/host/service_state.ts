import { type Exec, ExecError, MissingProgramError } from "./exec.ts";

/** There while systemd runs the machine: sd_booted(3). */
const BOOTED = "/run/systemd/system";

/**
 * The state of a unit as systemd names it, such as `active` or `deactivating`; undefined where systemd does not run, and
 * when it does not answer in time.
 */
export async function serviceState(exec: Exec, unit: string): Promise<string | undefined> {
  if (!await isBooted()) return undefined;
  try {
    const { stdout } = await exec.run(["systemctl", "is-active", unit], { timeoutMs: 5_000 });
    return stdout.trim() || undefined;
  } catch (error) {
    if (error instanceof MissingProgramError || error instanceof ExecError) return undefined;
    throw error;
  }
}

async function isBooted(): Promise<boolean> {
  try {
    return (await Deno.stat(BOOTED)).isDirectory;
  } catch {
    return false;
  }
}
