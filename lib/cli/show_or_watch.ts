import { messageOf } from "../model/errors.ts";

/** Milliseconds between two looks of `--watch`. */
const WATCH_MS = 2_000;

/** Puts a terminal's cursor at the top and clears what is below (ECMA-48). */
const CLEAR = "\x1b[H\x1b[J";

/** How to show. */
export interface ShowAgain {
  readonly watch: boolean;
  readonly print: (line: string) => void;
  /** Whether standard output is a terminal: then a look replaces the one before. */
  readonly terminal: boolean;
  readonly sleep: (ms: number) => Promise<void>;
  /** For tests: ends the watching. */
  readonly signal?: AbortSignal;
}

/** {@link ShowAgain} on standard output. */
export function onStdout(
  flags: { watch: boolean; json: boolean },
  print: ShowAgain["print"],
): ShowAgain {
  return {
    watch: flags.watch,
    print,
    terminal: Deno.stdout.isTerminal() && !flags.json,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}

/**
 * Shows what `look` gives: once, or with `watch` again and again until the program is ended. While watching, a look that
 * fails is shown like any other, and without a terminal only what differs is printed.
 */
export async function showOrWatch(
  look: () => Promise<string>,
  options: ShowAgain,
): Promise<number> {
  const { watch, print, terminal, sleep, signal } = options;
  if (!watch) {
    print(await look());
    return 0;
  }
  for (let last = ""; !signal?.aborted; await sleep(WATCH_MS)) {
    const text = await look().catch(messageOf);
    if (terminal) print(`${CLEAR}${text}`);
    else if (text !== last) print(text);
    last = text;
  }
  return 0;
}
