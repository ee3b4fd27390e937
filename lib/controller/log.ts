/** Facts that go with a log line. Never a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Where the controller says what happens. */
export type Log = (
  level: "info" | "warning" | "error",
  message: string,
  fields?: LogFields,
) => void;

/** Writes lines for people on a terminal, JSON lines otherwise. */
export function makeLog(
  options: { terminal: boolean; write: (line: string) => void; now: () => string },
): Log {
  const { terminal, write, now } = options;
  return (level, message, fields = {}) => {
    if (!terminal) return write(JSON.stringify({ time: now(), level, message, ...fields }));
    const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${value}`).join("");
    write(`${now().slice(11, 19)} ${level === "info" ? "" : `${level}: `}${message}${rest}`);
  };
}
