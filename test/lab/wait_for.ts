import { messageOf } from "../../lib/model/errors.ts";
import { patient } from "./patience.ts";

/** How long and how often to look. */
export interface WaitOptions {
  /** Seconds until giving up on a machine that is not busy ({@link patient}); 60 by default. */
  readonly deadlineS?: number;
  /** Least milliseconds between two looks; 100 by default. */
  readonly everyMs?: number;
}

/**
 * Looks again and again until `look` returns something other than `undefined` or `false`, and returns that.
 * What `look` throws counts as "not yet".
 * @param what the condition in words, for the error
 * @throws {Error} when the deadline passes; it tells the last reason.
 */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  options: WaitOptions = {},
): Promise<T> {
  const deadlineS = patient(options.deadlineS ?? 60);
  const end = performance.now() + deadlineS * 1000;
  let reason = "";
  for (;;) {
    const began = performance.now();
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      reason = messageOf(error);
    }
    if (performance.now() >= end) {
      throw new Error(`Not within ${deadlineS} s: ${what}${reason === "" ? "" : ` (${reason})`}`);
    }
    // On a slow machine looking must not take the time that what is waited for needs.
    const pauseMs = Math.max(options.everyMs ?? 100, 2 * (performance.now() - began));
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
