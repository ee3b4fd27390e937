import { messageOf, StateError } from "../model/errors.ts";

/** A directory of small files that only root may read, each replaced as a whole or not at all. */
export class StateDir {
  readonly #writing = new Map<string, Promise<void>>();

  constructor(readonly path: string) {}

  /** Makes the directory (0700). @throws {StateError} naming it. */
  async prepare(): Promise<void> {
    try {
      await Deno.mkdir(this.path, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new StateError(
        `Cannot make ${this.path}: ${messageOf(error)}; choose another with --statedir`,
      );
    }
  }

  /** The text of a file; undefined when it does not exist. @throws {StateError} when it cannot be read. */
  async read(name: string): Promise<string | undefined> {
    try {
      return await Deno.readTextFile(`${this.path}/${name}`);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw new StateError(`Cannot read ${this.path}/${name}: ${messageOf(error)}`);
    }
  }

  /**
   * Replaces a file in one step (0600): after a crash or with a full disk, the old text or the new one is there.
   * Calls for one file take turns, as they share the name of the file that is not finished yet.
   * @throws {StateError} naming it.
   */
  async write(name: string, text: string): Promise<void> {
    const before = this.#writing.get(name) ?? Promise.resolve();
    const replacing = before.catch(() => {}).then(() => this.#replace(name, text));
    this.#writing.set(name, replacing);
    await replacing;
  }

  async #replace(name: string, text: string): Promise<void> {
    const path = `${this.path}/${name}`;
    const fresh = `${path}.new`;
    try {
      const file = await Deno.open(fresh, {
        write: true,
        create: true,
        truncate: true,
        mode: 0o600,
      });
      try {
        await writeAll(file, new TextEncoder().encode(text));
        await file.sync();
      } finally {
        file.close();
      }
      await Deno.rename(fresh, path);
    } catch (error) {
      throw new StateError(`Cannot write ${path}: ${messageOf(error)}`);
    }
  }

  /** Deletes a file; it is no error when it does not exist. */
  async remove(name: string): Promise<void> {
    try {
      await Deno.remove(`${this.path}/${name}`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) {
        throw new StateError(`Cannot delete ${this.path}/${name}: ${messageOf(error)}`);
      }
    }
  }

  /**
   * Takes the lock that one agent holds (flock(2), gone with the process, so it is never stale).
   * @throws {StateError} when another process holds it.
   */
  async lock(): Promise<Lock> {
    const file = await Deno.open(`${this.path}/lock`, { write: true, create: true, mode: 0o600 });
    if (await file.tryLock(true)) return new Lock(file);
    file.close();
    throw new StateError(
      `Another meshover works with ${this.path}: stop that one first (systemctl stop meshover-agent), or choose another --statedir`,
    );
  }
}

/** A lock that is held until it is released or the process ends. */
export class Lock {
  constructor(private readonly file: Deno.FsFile) {}
  /** Lets it go. */
  release(): void {
    this.file.close();
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}
