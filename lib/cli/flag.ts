import { InputError } from "../model/errors.ts";

/** How a flag's text becomes a value, and what the help says about it. */
export interface Flag<T> {
  /** One line for `--help`. */
  readonly summary: string;
  /** What stands for the value in the help; absent for switches. */
  readonly placeholder?: string;
  /** Turns the text into the value. @throws {InputError} saying what is wrong with the text. */
  readonly parse: (text: string) => T;
  /** The value when neither flag, environment nor file gives one. */
  readonly fallback: T;
  /** A switch takes no value on the command line. */
  readonly isSwitch?: boolean;
  /** May be given several times; the texts are joined by commas. */
  readonly isList?: boolean;
  /** Never shown; `--NAME-file` reads it from a file. */
  readonly isSecret?: boolean;
}

/** A table of flags by name, without dashes. */
export type Flags = Readonly<Record<string, Flag<unknown>>>;

/** The values that a table of flags yields. */
export type ValuesOf<F extends Flags> = {
  readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never;
};

/** A flag whose value is parsed by `parse`; without `fallback` it is undefined unless given. */
export function valueFlag<T>(
  placeholder: string,
  summary: string,
  parse: (text: string) => T,
): Flag<T | undefined> {
  return { summary, placeholder, parse, fallback: undefined };
}

/** Like {@link valueFlag} with a default, which the help shows. */
export function defaultFlag<T>(
  spec: { placeholder: string; summary: string; parse: (text: string) => T; fallback: string },
): Flag<T> {
  const { placeholder, summary, parse, fallback } = spec;
  return {
    summary: `${summary} (default ${fallback})`,
    placeholder,
    parse,
    fallback: parse(fallback),
  };
}

/** A switch, off unless given. */
export function switchFlag(summary: string): Flag<boolean> {
  return { summary, parse: parseBoolean, fallback: false, isSwitch: true };
}

/** A flag that may be given several times or hold several values between commas. */
export function listFlag<T>(
  spec: { placeholder: string; summary: string; parse: (text: string) => T; fallback?: string },
): Flag<readonly T[]> {
  const parse = (text: string) =>
    text.split(",").map((s) => s.trim()).filter((s) => s !== "").map(spec.parse);
  const shown = spec.fallback === undefined ? "" : ` (default ${spec.fallback})`;
  return {
    summary: spec.summary + shown,
    placeholder: spec.placeholder,
    parse,
    fallback: parse(spec.fallback ?? ""),
    isList: true,
  };
}

/** A secret: `--NAME TEXT`, `--NAME-file FILE`, or the environment. */
export function secretFlag(placeholder: string, summary: string): Flag<string | undefined> {
  return { summary, placeholder, parse: (text) => text, fallback: undefined, isSecret: true };
}

/** One of a few words; `aliases` maps further accepted words to them. */
export function choice<const C extends readonly string[]>(
  words: C,
  aliases: Readonly<Record<string, C[number]>> = {},
): (text: string) => C[number] {
  return (text) => {
    const word = aliases[text] ?? text;
    if (!words.includes(word)) {
      throw new InputError(`"${text}" is not accepted; expected one of ${words.join(", ")}`);
    }
    return word;
  };
}

/** A whole number within limits, both included. */
export function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?[0-9]{1,15}$/.test(text) || value < min || value > max) {
      throw new InputError(
        `"${text}" is not accepted; expected a whole number from ${min} to ${max}`,
      );
    }
    return value;
  };
}

/** Any text that is not empty. */
export function text(value: string): string {
  if (value === "") throw new InputError(`"" is not accepted; expected some text`);
  return value;
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A duration such as `90s`, `10m`, `12h`, `7d`, in seconds. */
export function duration(value: string): number {
  const match = /^([1-9][0-9]{0,8})([smhd])$/.exec(value);
  if (match === null) {
    throw new InputError(`"${value}" is not a duration; expected for example 90s, 10m, 12h or 7d`);
  }
  return Number(match[1]) * UNITS[match[2]!]!;
}

/** `true`, `false` and the like, as environment variables and files give them. */
export function parseBoolean(value: string): boolean {
  if (["true", "1", "yes", "on", ""].includes(value.toLowerCase())) return true;
  if (["false", "0", "no", "off"].includes(value.toLowerCase())) return false;
  throw new InputError(`"${value}" is not accepted; expected true or false`);
}
