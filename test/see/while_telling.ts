import { Wake } from "../../lib/agent/wake.ts";

/** Milliseconds between two tellings. */
const EVERY_MS = 5_000;

/** Runs `task` while `tell` is called again and again, as agents do: what is told once is forgotten after 30 s. */
export async function whileTelling<T>(
  tell: () => Promise<unknown>,
  task: () => Promise<T>,
): Promise<T> {
  await tell();
  const over = new AbortController();
  const pause = new Wake();
  const telling = (async () => {
    while (!over.signal.aborted) {
      await pause.sleep(EVERY_MS, over.signal);
      // A telling that fails now is made up for by the next, as an agent's is; the task says what it misses.
      if (!over.signal.aborted) await tell().catch(() => {});
    }
  })();
  try {
    return await task();
  } finally {
    over.abort();
    // What is still under way must not come after what the caller tells next.
    await telling;
  }
}
