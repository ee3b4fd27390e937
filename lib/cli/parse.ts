import { InputError, messageOf } from "../model/errors.ts";
import type { Command } from "./command.ts";
import type { Flag, Flags } from "./flag.ts";

/** Where values come from besides the command line. */
export interface Sources {
  readonly env: (name: string) => string | undefined;
  /** Reads a file's text. @throws {InputError} when it cannot be read. */
  readonly readFile: (path: string) => string;
  /** Turns the text of a `--config` file into its keys. @throws {InputError} */
  readonly readConfig: (path: string) => Readonly<Record<string, unknown>>;
}

/** What a command line says. */
export interface Parsed {
  readonly values: Readonly<Record<string, unknown>>;
  readonly args: readonly string[];
  readonly help: boolean;
}

/** The environment variable of a flag: `agenttoken-file` is `MESHOVER_AGENTTOKEN_FILE`. */
export function variableOf(flag: string): string {
  return `MESHOVER_${flag.toUpperCase().replaceAll("-", "_")}`;
}

interface Given {
  readonly texts: Map<string, string>;
  readonly args: string[];
  help: boolean;
}

/** Closest of `words` to `word`, when it is close enough to be a slip. */
export function closest(word: string, words: readonly string[]): string | undefined {
  const distance = (a: string, b: string): number => {
    let row = Array.from({ length: b.length + 1 }, (_, i) => i);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) {
        next.push(
          Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)),
        );
      }
      row = next;
    }
    return row[b.length]!;
  };
  const best = [...words].sort((a, b) => distance(word, a) - distance(word, b))[0];
  return best !== undefined && distance(word, best) <= Math.max(2, word.length / 4)
    ? best
    : undefined;
}

function knownNames(flags: Flags): string[] {
  const names = Object.keys(flags);
  const files = names.filter((name) => flags[name]!.isSecret).map((name) => `${name}-file`);
  return [...names, ...files, "config", "help"];
}

function flagName(word: string): string {
  return word.replace(/^--?/, "").split("=")[0]!;
}

function readArgv(argv: readonly string[], command: Command): Given {
  const given: Given = { texts: new Map(), args: [], help: false };
  const names = knownNames(command.flags);
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (word === "--") {
      given.args.push(...argv.slice(i + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      given.args.push(word);
      continue;
    }
    const name = flagName(word);
    if (name === "help" || word === "-h") {
      given.help = true;
      continue;
    }
    if (!names.includes(name)) throw unknownFlag(word, name, { names, command });
    const inline = word.includes("=") ? word.slice(word.indexOf("=") + 1) : undefined;
    const isSwitch = command.flags[name]?.isSwitch ?? false;
    const value = inline ?? (isSwitch ? "true" : argv[++i]);
    if (value === undefined) throw new InputError(`--${name} needs a value`);
    const before = given.texts.get(name);
    given.texts.set(
      name,
      before !== undefined && command.flags[name]?.isList ? `${before},${value}` : value,
    );
  }
  return given;
}

function unknownFlag(
  word: string,
  name: string,
  known: { names: string[]; command: Command },
): InputError {
  const near = closest(name, known.names);
  const hint = near === undefined
    ? `see "meshover ${known.command.name} --help"`
    : `did you mean --${near}?`;
  return new InputError(`Unknown flag ${word.split("=")[0]}: ${hint}`);
}

function textOfConfig(value: unknown, where: string): string {
  if (Array.isArray(value)) return value.map((v) => textOfConfig(v, where)).join(",");
  if (["string", "number", "boolean"].includes(typeof value)) return String(value);
  throw new InputError(
    `${where} is ${value === null ? "empty" : "a table"}; expected a value or a list of values`,
  );
}

function parseOne(flag: Flag<unknown>, text: string, where: string): unknown {
  try {
    return flag.parse(text);
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${where}: ${messageOf(error)}`);
    throw error;
  }
}

interface Found {
  readonly text: string;
  readonly where: string;
}

/** Looks a name up in the command line, then the environment, then the file. */
function lookUp(
  name: string,
  given: Given,
  more: { sources: Sources; config: Readonly<Record<string, unknown>>; path: string },
): Found | undefined {
  const typed = given.texts.get(name);
  if (typed !== undefined) return { text: typed, where: `--${name}` };
  const fromEnv = more.sources.env(variableOf(name));
  if (fromEnv !== undefined) return { text: fromEnv, where: variableOf(name) };
  if (!Object.hasOwn(more.config, name)) return undefined;
  const where = `${name} in ${more.path}`;
  return { text: textOfConfig(more.config[name], where), where };
}

/**
 * Reads the words after a command's name.
 * @throws {InputError} naming the flag, variable or key, the value, and what is accepted.
 */
export function parseCommandLine(
  command: Command,
  argv: readonly string[],
  sources: Sources,
): Parsed {
  const given = readArgv(argv, command);
  if (given.help) return { values: {}, args: [], help: true };
  checkArgs(command, given.args);
  const path = given.texts.get("config") ?? sources.env("MESHOVER_CONFIG") ?? "";
  const config = path === "" ? {} : sources.readConfig(path);
  const names = knownNames(command.flags);
  for (const key of Object.keys(config)) {
    if (names.includes(key) || command.configMayHold?.includes(key) === true) continue;
    const near = closest(key, names);
    throw new InputError(
      `Unknown key "${key}" in ${path}: ${
        near === undefined ? "see --help for the accepted ones" : `did you mean ${near}?`
      }`,
    );
  }
  const values: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(command.flags)) {
    const more = { sources, config, path };
    const found = lookUp(name, given, more);
    const file = flag.isSecret && found === undefined
      ? lookUp(`${name}-file`, given, more)
      : undefined;
    if (found !== undefined) values[name] = parseOne(flag, found.text, found.where);
    else if (file !== undefined) {
      values[name] = parseOne(flag, sources.readFile(file.text).trim(), file.where);
    } else values[name] = flag.fallback;
  }
  return { values, args: given.args, help: false };
}

function checkArgs(command: Command, args: readonly string[]): void {
  const wanted = command.args ?? [];
  const needed = wanted.filter((name) => !name.startsWith("["));
  const usage = `meshover ${[command.name, ...wanted].join(" ")}`;
  if (args.length < needed.length) {
    throw new InputError(`${needed[args.length]} is missing: ${usage}`);
  }
  const open = wanted.at(-1)?.includes("…") ?? false;
  if (args.length > wanted.length && !open) {
    throw new InputError(`Unexpected "${args[wanted.length]}": ${usage}`);
  }
}
