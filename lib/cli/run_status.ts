import { checkHealth, type HealthQuestion } from "../agent/health.ts";
import { readLocalStatus } from "../agent/local_status.ts";
import { messageOf } from "../model/errors.ts";
import { stdoutPaint } from "./paint.ts";
import { statusText } from "./status_text.ts";

/** How the status of this node is shown. */
export interface ShowOptions {
  readonly statedir: string;
  readonly json: boolean;
  readonly print: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Milliseconds between two looks of `--watch`. */
const WATCH_MS = 2_000;
/** Puts a terminal's cursor at the top and clears what is below (ECMA-48). */
const CLEAR = "\x1b[H\x1b[J";

async function statusLines({ statedir, json, now }: ShowOptions): Promise<string> {
  const local = await readLocalStatus(statedir);
  return json ? JSON.stringify(local) : statusText(local, now(), stdoutPaint());
}

/** Shows the status once. @throws {StateError} when no agent has run. */
export async function showStatus(options: ShowOptions): Promise<number> {
  options.print(await statusLines(options));
  return 0;
}

/** Shows the status again and again until `signal` aborts; an agent that has not written yet is waited for. */
export async function watchStatus(
  options: ShowOptions & {
    readonly terminal: boolean;
    readonly sleep: (ms: number) => Promise<void>;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  let last = "";
  while (!options.signal.aborted) {
    const text = await statusLines(options).catch(messageOf);
    if (options.terminal) options.print(`${CLEAR}${text}`);
    else if (text !== last) options.print(options.json ? text : `${text}\n`);
    last = text;
    await options.sleep(WATCH_MS);
  }
  return 0;
}

/** Answers a probe: 0 when it is so, 1 when not; says why in one line. */
export async function probeStatus(
  question: HealthQuestion,
  options: ShowOptions,
): Promise<number> {
  let health;
  try {
    health = checkHealth(question, await readLocalStatus(options.statedir), options.now());
  } catch (error) {
    health = { ok: false, reason: messageOf(error) };
  }
  const { ok, reason } = health;
  options.print(options.json ? JSON.stringify({ check: question, ok, reason }) : reason);
  return ok ? 0 : 1;
}
