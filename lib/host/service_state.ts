import { type Exec, MissingProgramError } from "./exec.ts";

/** The state of a unit as systemd names it, such as `active` or `deactivating`; undefined where there is no systemd. */
export async function serviceState(exec: Exec, unit: string): Promise<string | undefined> {
  try {
    const { stdout } = await exec.run(["systemctl", "is-active", unit], { timeoutMs: 5_000 });
    return stdout.trim() || undefined;
  } catch (error) {
    if (error instanceof MissingProgramError) return undefined;
    throw error;
  }
}
