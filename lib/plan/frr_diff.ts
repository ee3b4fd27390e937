import {
  mayCollide,
  negated,
  neighborMade,
  neighborOf,
  settingOf,
  unnumbered,
} from "./frr_lines.ts";
import {
  findCommand,
  type FrrCommand,
  type FrrStep,
  parseFrrText,
  sessionLines,
} from "./frr_text.ts";

/** A configuration that was applied, and how FRR listed itself right after: it hides defaults and rewrites some lines. */
export interface AppliedFrrConf {
  readonly text: string;
  readonly runningAfter: string;
}

/** What is compared. */
export interface FrrDiffInput {
  /** What FRR should be told. */
  readonly desired: string;
  /** Undefined when nothing was applied yet, or it is not known. */
  readonly applied: AppliedFrrConf | undefined;
  /** `show running-config` now. */
  readonly running: string;
}

/** The four views of one context. */
interface Views {
  readonly desired: readonly FrrCommand[];
  readonly applied: readonly FrrCommand[];
  readonly after: readonly FrrCommand[];
  readonly running: readonly FrrCommand[];
}

/** Commands to take back before anything is set, to set, and to take back when all is set. */
interface Steps {
  readonly early: FrrStep[];
  readonly set: FrrStep[];
  readonly late: FrrStep[];
}

/** Contexts that FRR does not let go of, or that belong to others as well: only meshover's lines in them are taken back. */
const KEPT = /^(interface|vrf|address-family|bfd$)/;

/** meshover's mark, by which stale parts are known when there is no record of what was applied. */
const MARKED = [
  /^(ip|ipv6) prefix-list meshover-/,
  /^bgp as-path access-list meshover-/,
  /^route-map meshover-/,
  /^(ip|ipv6) protocol bgp route-map meshover-/,
  /^neighbor meshover0-\S+ interface /,
];

function marked(commands: readonly FrrCommand[]): FrrCommand[] {
  return commands.flatMap(({ line, children }) => {
    if (MARKED.some((mark) => mark.test(line))) return [{ line: unnumbered(line), children }];
    const inside = marked(children ?? []);
    return inside.length > 0 ? [{ line, children: inside }] : [];
  });
}

function childrenOf(commands: readonly FrrCommand[], line: string): readonly FrrCommand[] {
  return findCommand(commands, line)?.children ?? [];
}

function inner(views: Views, line: string): Views {
  return {
    desired: childrenOf(views.desired, line),
    applied: childrenOf(views.applied, line),
    after: childrenOf(views.after, line),
    running: childrenOf(views.running, line),
  };
}

/** Whether FRR lost lines of this context that were there when it was applied: then its hidden ones are lost too. */
function isLosing({ applied, after, running }: Views): boolean {
  return applied.some(({ line }) =>
    findCommand(after, line) !== undefined && findCommand(running, line) === undefined
  );
}

/**
 * The order of setting. Inside a context plain commands come first: a template may name a neighbour in a second
 * `router bgp` block, and its address family would be set up before it.
 */
function inOrder(commands: readonly FrrCommand[], path: readonly string[]): readonly FrrCommand[] {
  if (path.length === 0) return commands;
  return [
    ...commands.filter(({ children }) => children === undefined),
    ...commands.filter(({ children }) => children !== undefined),
  ];
}

/** Sets what is desired and not there; what FRR never listed although it took it is there, too. */
function setMissing(views: Views, path: readonly string[], steps: Steps): void {
  const losing = isLosing(views);
  for (const { line, children } of inOrder(views.desired, path)) {
    const there = findCommand(views.running, line);
    if (children !== undefined) {
      if (there === undefined) steps.set.push({ path: [...path, line] });
      const within = inner(views, line);
      setMissing(there === undefined ? { ...within, applied: [], after: [] } : within, [
        ...path,
        line,
      ], steps);
      continue;
    }
    if (there !== undefined) continue;
    const hidden = findCommand(views.applied, line) !== undefined &&
      findCommand(views.after, line) === undefined;
    if (!hidden || losing) steps.set.push({ path, line });
  }
}

/** Whether FRR has a line: as it was given, numbered, or with more words. */
function isListed(running: readonly FrrCommand[], line: string): boolean {
  return findCommand(running, line) !== undefined ||
    running.some((one) => one.line.startsWith(`${line} `));
}

/** Whether FRR has lines in this context that meshover did not set: not as they are, and not as the beginning of them. */
function isForeign({ applied, running }: Pick<Views, "applied" | "running">): boolean {
  return running.some(({ line, children }) => {
    const ours = findCommand(applied, line) ?? findCommand(applied, unnumbered(line)) ??
      applied.find((one) => one.children === undefined && line.startsWith(`${one.line} `));
    if (ours === undefined) return true;
    return children !== undefined &&
      isForeign({ applied: ours.children ?? [], running: children });
  });
}

/** Takes a plain command back, unless a desired one replaces its value. */
function takeBack(line: string, context: { views: Views; path: readonly string[]; steps: Steps }) {
  const { views, path, steps } = context;
  if (!isListed(views.running, line)) return;
  const setting = settingOf(line);
  const wanted = views.desired.filter((one) => one.children === undefined);
  if (setting !== undefined && wanted.some((one) => settingOf(one.line) === setting)) return;
  if (wanted.some((one) => one.line === negated(line))) return;
  const collides = wanted.some((one) =>
    findCommand(views.running, one.line) === undefined && mayCollide(line, one.line)
  );
  (collides ? steps.early : steps.late).push({ path, line: negated(line) });
}

/** Takes back what was applied and is not desired any more, last first. */
function dropStale(views: Views, path: readonly string[], steps: Steps): void {
  for (const { line, children } of [...views.applied].reverse()) {
    if (children === undefined) {
      if (findCommand(views.desired, line) === undefined) takeBack(line, { views, path, steps });
      continue;
    }
    if (findCommand(views.running, line) === undefined) continue;
    const within = inner(views, line);
    const wanted = findCommand(views.desired, line) !== undefined;
    if (!wanted && !KEPT.test(line) && !isForeign(within)) {
      steps.late.push({ path, line: negated(line) });
    } else {
      dropStale(within, [...path, line], steps);
    }
  }
}

/** Leaves out what goes with a neighbour that is taken back. */
function withoutOrphans(steps: readonly FrrStep[]): FrrStep[] {
  const key = (path: readonly string[], name: string) => `${path[0] ?? ""} ${name}`;
  const makes = ({ line }: FrrStep) =>
    line?.startsWith("no ") ? neighborMade(line.slice(3)) : undefined;
  const gone = new Set(steps.flatMap((step) => {
    const name = makes(step);
    return name === undefined ? [] : [key(step.path, name)];
  }));
  return steps.filter((step) => {
    const name = neighborOf(step.line ?? "");
    return name === undefined || makes(step) === name || !gone.has(key(step.path, name));
  });
}

/** The default instance of BGP has one AS number: another of meshover's own must go before the new one can come. */
function replacedInstances({ desired, applied, running }: Views): readonly string[] {
  const instance = /^router bgp \d+$/;
  const wanted = desired.find(({ line }) => instance.test(line));
  return wanted === undefined ? [] : running
    .filter(({ line }) => instance.test(line) && line !== wanted.line && findCommand(applied, line))
    .map(({ line }) => line);
}

function differ(views: Views): string[] {
  const replaced = replacedInstances(views);
  const running = views.running.filter(({ line }) => !replaced.includes(line));
  const steps: Steps = { early: [], set: [], late: [] };
  setMissing({ ...views, running }, [], steps);
  dropStale({ ...views, running }, [], steps);
  return sessionLines([
    ...replaced.map((line) => ({ path: [], line: negated(line) })),
    ...withoutOrphans(steps.early),
    ...steps.set,
    ...withoutOrphans(steps.late),
  ]);
}

/**
 * The lines of one `configure terminal` session that bring FRR from what it runs to what is desired. Lines that neither
 * were applied nor are desired are the operator's and are left alone. Empty when there is nothing to do.
 */
export function diffFrrConf(input: FrrDiffInput): string[] {
  // The common case of a loop that comes by again and again; FRR took what is desired and still lists it the same way.
  if (input.desired === input.applied?.text && input.running === input.applied.runningAfter) {
    return [];
  }
  const running = parseFrrText(input.running);
  return differ({
    desired: parseFrrText(input.desired),
    applied: input.applied === undefined ? marked(running) : parseFrrText(input.applied.text),
    after: input.applied === undefined ? running : parseFrrText(input.applied.runningAfter),
    running,
  });
}

/** The lines that take back everything that was applied, and nothing else. */
export function removeFrrConf(applied: AppliedFrrConf | undefined, running: string): string[] {
  return diffFrrConf({ desired: "", applied, running });
}
