/** Flags of every command, by its name. */
export type CommandTable = ReadonlyMap<string, ReadonlySet<string>>;

/** Words after `meshover` in a piece of code, up to where another command or a comment begins. */
export function commandLinesOf(code: string): string[][] {
  const inner = [...code.matchAll(/\$\(([^()]*)\)/g)].map(([, command]) => command!);
  const outer = code.replaceAll(/\$\([^()]*\)/g, "VALUE");
  return [outer, ...inner].flatMap((line) =>
    [...line.matchAll(/(?<![\w./-])meshover(?= |$)/g)].map(({ index }) => {
      const rest = line.slice(index + "meshover".length).split(/(?:\s#|&&|[|;()])\s*/)[0]!;
      return rest.trim().split(/\s+/).filter((word) => word !== "");
    })
  );
}

/** Names of flags in a piece of code: words that begin with one or two dashes. */
export function flagNamesOf(code: string): string[] {
  return [...code.matchAll(/(?<![\w-])--?([a-z][a-z0-9-]+)/g)].map(([, name]) => name!);
}

/** What is wrong with a command line, undefined when the program takes it. */
export function commandLineProblem(
  words: readonly string[],
  table: CommandTable,
): string | undefined {
  const [first, second] = words;
  if (first === undefined || !/^[a-z]+$/.test(first)) return undefined;
  const names = [...table.keys()];
  const exact = [`${first} ${second}`, first].find((name) => table.has(name));
  const group = names.filter((name) => name.startsWith(`${first} `));
  if (exact === undefined && group.length === 0) return `there is no command "${first}"`;
  const isWord = second !== undefined && /^[a-z]+$/.test(second);
  if (isWord && group.length > 0 && exact !== `${first} ${second}`) {
    return `there is no command "${first} ${second}"`;
  }
  const known = exact === undefined
    ? new Set(group.flatMap((name) => [...table.get(name)!]))
    : table.get(exact)!;
  const unknown = flagNamesOf(words.join(" ")).find((flag) => !known.has(flag));
  return unknown === undefined ? undefined : `"${exact ?? first}" has no flag --${unknown}`;
}
