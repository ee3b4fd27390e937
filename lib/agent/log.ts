/** How grave a line is. */
export type Level = "info" | "warning" | "error";

/** Facts of a line, for programs that read logs. */
export type Fields = Readonly<Record<string, string | number | boolean | null>>;

/** Where the agent says what it does. */
export interface Log {
  (level: Level, message: string, fields?: Fields): void;
}

/** A log for people (`words`) or for programs (`json`, one object a line). */
export function makeLog(
  style: "words" | "json",
  write: (line: string) => void,
  now: () => Date = () => new Date(),
): Log {
  return (level, message, fields = {}) => {
    const time = now().toISOString();
    if (style === "json") return write(JSON.stringify({ time, level, message, ...fields }));
    const facts = Object.entries(fields).map(([key, value]) => ` ${key}=${value}`).join("");
    write(`${time.slice(11, 23)} ${level === "info" ? "" : `${level}: `}${message}${facts}`);
  };
}

/** Says something only when it differs from what was said last under the same key: a line a change, not a line a try. */
export class ChangeLog {
  readonly #last = new Map<string, string>();
  readonly #open = new Map<string, string>();
  #lastError: { readonly at: string; readonly message: string } | null = null;

  constructor(private readonly log: Log, private readonly now: () => Date = () => new Date()) {}

  /** The warning or error that was said last, with its time (RFC 3339); null when there was none. */
  get lastError(): { readonly at: string; readonly message: string } | null {
    return this.#lastError;
  }

  /** The warnings and errors that are not over, at most a hundred. */
  problems(): string[] {
    return [...this.#open.values()].slice(0, 100).map((message) => message.slice(0, 1000));
  }

  /** Says `message` unless it is what was said last for `key`. */
  say(key: string, level: Level, message: string): void {
    if (this.#last.get(key) === message) return;
    this.#last.set(key, message);
    if (level === "info") this.#open.delete(key);
    else this.#open.set(key, message);
    if (level !== "info") this.#lastError = { at: this.now().toISOString(), message };
    this.log(level, message);
  }

  /** Says `message` when something else was said for `key` before; then forgets it. */
  over(key: string, message: string): void {
    this.#open.delete(key);
    if (this.#last.delete(key)) this.log("info", message);
  }
}
