import { messageOf } from "../model/errors.ts";
import type { StateDirFact } from "../plan/doctor_facts.ts";
import { ask } from "./doctor_programs.ts";
import type { Exec } from "./exec.ts";

/** Bits of a file's mode that let others than its owner in. */
const OTHERS = 0o077;

async function exposedOf(path: string, secrets: readonly string[]): Promise<string[]> {
  const out: string[] = [];
  for (const name of secrets) {
    try {
      const { mode } = await Deno.stat(`${path}/${name}`);
      if (mode !== null && (mode & OTHERS) !== 0) out.push(name);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return out;
}

/** Looks at the state directory without writing to it. */
export async function inspectStateDir(
  exec: Exec,
  dir: { readonly path: string; readonly secrets: readonly string[] },
): Promise<StateDirFact> {
  const { path, secrets } = dir;
  const none = { path, problem: undefined, open: false, exposed: [], freeBytes: undefined };
  try {
    const { isDirectory, mode } = await Deno.stat(path);
    if (!isDirectory) {
      return { ...none, exists: true, problem: "is not a directory" };
    }
    const exposed = await exposedOf(path, secrets);
    const df = await ask(exec, ["df", "-B1", "--output=avail", path]);
    const free = Number(df?.stdout.trim().split("\n").at(-1));
    const freeBytes = df?.code === 0 && Number.isFinite(free) ? free : undefined;
    const open = mode !== null && (mode & OTHERS) !== 0;
    return { path, exists: true, problem: undefined, open, exposed, freeBytes };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { ...none, exists: false };
    return { ...none, exists: true, problem: messageOf(error) };
  }
}
