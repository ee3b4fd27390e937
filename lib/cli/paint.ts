/** What a colour says. */
export type Tone = "good" | "warn" | "bad" | "dim";

/** Gives a text the colour of its tone, or leaves it as it is. */
export type Paint = (text: string, tone: Tone) => string;

/** SGR parameters (ECMA-48 §8.3.117) from the terminal's own palette. */
const CODES: Readonly<Record<Tone, string>> = { good: "32", warn: "33", bad: "31", dim: "2" };

/** No colours. */
export function plain(text: string): string {
  return text;
}

/** Colours. */
export function coloured(text: string, tone: Tone): string {
  return `\x1b[${CODES[tone]}m${text}\x1b[0m`;
}

/** Colours on a terminal, unless NO_COLOR is set to something (no-color.org). */
export function paintFor(
  outer: { readonly terminal: boolean; readonly noColor: string | undefined },
): Paint {
  return outer.terminal && (outer.noColor ?? "") === "" ? coloured : plain;
}

/** {@link paintFor} standard output. */
export function stdoutPaint(): Paint {
  return paintFor({ terminal: Deno.stdout.isTerminal(), noColor: readableEnv("NO_COLOR") });
}

function readableEnv(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch {
    return undefined;
  }
}
