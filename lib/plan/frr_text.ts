import { unnumbered } from "./frr_lines.ts";

/** One command of FRR's configuration; a context (`router bgp 65001`, `interface eth0`) holds further ones. */
export interface FrrCommand {
  readonly line: string;
  /** Undefined for a plain command; an empty context has an empty list. */
  readonly children: readonly FrrCommand[] | undefined;
}

/** Contexts that may be empty; others are known by what is indented under them. */
const CONTEXT =
  /^(route-map \S+ (permit|deny) \d+|interface \S+|router \S+|vrf \S+|bfd$|profile \S+|address-family \S+)/;

/** Lines of a listing that configure nothing. */
const NOISE =
  /^(!.*|#.*|end|exit(-\S+)?|Building configuration\.\.\.|Current configuration:|frr (version|defaults) .*|service integrated-vtysh-config|)$/;

/** A context that is being read; its commands by line, so that a block written twice is one. */
interface OpenContext {
  readonly indent: number;
  readonly commands: Map<string, FrrCommand>;
}

/**
 * Reads a configuration as `show running-config` prints it: what is indented belongs to the line above it.
 * Comments, `exit`s and the listing's own words are left out.
 */
export function parseFrrText(text: string): readonly FrrCommand[] {
  const lines = text.split("\n")
    .map((raw) => ({ indent: raw.length - raw.trimStart().length, line: raw.trim() }))
    .filter(({ line }) => !NOISE.test(line));
  const inside = new Map<FrrCommand, Map<string, FrrCommand>>();
  const top = new Map<string, FrrCommand>();
  const open: OpenContext[] = [{ indent: -1, commands: top }];
  lines.forEach(({ indent, line }, index) => {
    while (open.at(-1)!.indent >= indent) open.pop();
    const siblings = open.at(-1)!.commands;
    const isContext = (lines[index + 1]?.indent ?? 0) > indent || CONTEXT.test(line);
    let command = siblings.get(line);
    if (command === undefined || (isContext && command.children === undefined)) {
      command = { line, children: isContext ? [] : undefined };
      siblings.set(line, command);
      if (isContext) inside.set(command, new Map());
    }
    if (isContext) open.push({ indent, commands: inside.get(command)! });
  });
  return tree(top, inside);
}

function tree(
  commands: ReadonlyMap<string, FrrCommand>,
  inside: ReadonlyMap<FrrCommand, ReadonlyMap<string, FrrCommand>>,
): FrrCommand[] {
  return [...commands.values()].map((command) => {
    const own = inside.get(command);
    return own === undefined ? command : { line: command.line, children: tree(own, inside) };
  });
}

type Index = ReadonlyMap<string, FrrCommand>;
const indexes = new WeakMap<readonly FrrCommand[], { exact: Index; bare: Index }>();

function indexOf(commands: readonly FrrCommand[]): { exact: Index; bare: Index } {
  let index = indexes.get(commands);
  if (index === undefined) {
    const leaves = commands.filter(({ children }) => children === undefined);
    index = {
      exact: new Map(commands.map((one) => [one.line, one])),
      bare: new Map(leaves.map((one) => [unnumbered(one.line), one])),
    };
    indexes.set(commands, index);
  }
  return index;
}

/** The command of this line; an entry of a list that is given without its number is found under any number. */
export function findCommand(
  commands: readonly FrrCommand[],
  line: string,
): FrrCommand | undefined {
  const { exact, bare } = indexOf(commands);
  return exact.get(line) ?? bare.get(line);
}

/** A command with the contexts that lead to it; without a command, the context itself. */
export interface FrrStep {
  readonly path: readonly string[];
  readonly line?: string;
}

function leave(context: string): string {
  if (context.startsWith("address-family ")) return "exit-address-family";
  return context.startsWith("vrf ") ? "exit-vrf" : "exit";
}

/** Steps as lines for one session of `configure terminal`, each context entered and left. */
export function sessionLines(steps: readonly FrrStep[]): string[] {
  const lines: string[] = [];
  let at: readonly string[] = [];
  const goTo = (path: readonly string[]) => {
    let common = 0;
    while (common < at.length && at[common] === path[common]) common++;
    for (const context of at.slice(common).reverse()) lines.push(leave(context));
    lines.push(...path.slice(common));
    at = path;
  };
  for (const { path, line } of steps) {
    goTo(path);
    if (line !== undefined) lines.push(line);
  }
  goTo([]);
  return lines;
}

/** Commands that several daemons keep a copy of. */
const SHARED = /^((ip|ipv6) (prefix-list|access-list)|access-list|route-map) /;

function inCommon(commands: readonly FrrCommand[], others: readonly FrrCommand[]): FrrCommand[] {
  return commands.flatMap(({ line, children }) => {
    const other = findCommand(others, unnumbered(line));
    if (other === undefined) return [];
    return [{
      line,
      children: children === undefined ? undefined : inCommon(children, other.children ?? []),
    }];
  });
}

/** Commands as `show running-config` would print them. */
export function formatFrrText(commands: readonly FrrCommand[], indent = ""): string {
  return commands.map(({ line, children }) =>
    `${indent}${line}\n${children === undefined ? "" : formatFrrText(children, `${indent} `)}`
  ).join("");
}

/** What steps set, as `show running-config` would print it; a context is named again for each of its commands. */
export function stepsText(steps: readonly FrrStep[]): string {
  return steps.map(({ path, line }) =>
    [...path, ...line === undefined ? [] : [line]]
      .map((one, depth) => `${" ".repeat(depth)}${one}\n`).join("")
  ).join("");
}

/**
 * What all daemons agree on. `show running-config` lists a route map that any daemon has; one that was started
 * again has lost its copy, and then filters nothing while the listing looks whole. So of what daemons share, only that
 * counts which each of them lists.
 */
export function agreedFrrText(listing: string, daemons: readonly string[]): string {
  let agreed = parseFrrText(listing);
  for (const commands of daemons.map(parseFrrText)) {
    const shared = inCommon(agreed.filter(({ line }) => SHARED.test(line)), commands);
    agreed = [...agreed.filter(({ line }) => !SHARED.test(line)), ...shared];
  }
  return formatFrrText(agreed);
}
