import { LAB_DIR } from "./project_root.ts";

/** A folder that is made once and used by everyone afterwards. */
export interface Recipe {
  /** First part of the folder's name; older folders of the same kind are removed when a new one was made. */
  readonly kind: string;
  /** Second part: changes with whatever the content depends on. */
  readonly key: string;
  /** Fills the folder, which is there and empty. */
  readonly make: (folder: string) => Promise<void>;
}

/**
 * Path of the folder that `recipe` describes, made now if it is not there. It appears complete or not at all, and two
 * processes that want it at once make it once.
 */
export async function madeOnce(recipe: Recipe): Promise<string> {
  const folder = `${LAB_DIR}/${recipe.kind}-${recipe.key}`;
  if (await exists(folder)) return folder;
  await Deno.mkdir(LAB_DIR, { recursive: true });
  using lock = await Deno.open(`${LAB_DIR}/lock`, { create: true, write: true });
  await lock.lock(true);
  if (await exists(folder)) return folder;
  const unfinished = `${folder}.unfinished`;
  await Deno.remove(unfinished, { recursive: true }).catch(() => {});
  await Deno.mkdir(unfinished);
  await recipe.make(unfinished);
  await removeOlder(recipe.kind);
  await Deno.rename(unfinished, folder);
  return folder;
}

/** A machine that still runs on an older disk holds it open; removing the name does not disturb it. */
async function removeOlder(kind: string): Promise<void> {
  for await (const entry of Deno.readDir(LAB_DIR)) {
    const isOne = entry.name.startsWith(`${kind}-`) && /-[0-9a-f]{16}$/.test(entry.name);
    if (isOne) await Deno.remove(`${LAB_DIR}/${entry.name}`, { recursive: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
