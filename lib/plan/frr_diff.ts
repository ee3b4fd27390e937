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
  formatFrrText,
  type FrrCommand,
  type FrrStep,
  parseFrrText,
  sessionLines,
  stepsText,
} from "./frr_text.ts";

/** A configuration that was applied, and how FRR listed itself right after: it hides defaults and rewrites some lines. */
export interface AppliedFrrConf {
  readonly text: string;
  readonly runningAfter: string;
}

/** What is known of earlier changes: by it meshover's lines are told from the operator's. */
export interface FrrMemory {
  /** Undefined when nothing was applied yet, or it is not known. */
  readonly applied: AppliedFrrConf | undefined;
  /**
   * Lines that FRR was to be given since then, as a configuration: whoever gave them may have been killed, or FRR may not have
   * answered when it was asked what it made of them. It may have them or not.
   */
  readonly begun?: string | undefined;
}

/** What is compared. */
export interface FrrDiffInput extends FrrMemory {
  /** What FRR should be told. */
  readonly desired: string;
  /** `show running-config` now. */
  readonly running: string;
}

/** What is to be done. */
export interface FrrChange {
  /** Lines of one `configure terminal` session; empty when there is nothing to do. */
  readonly lines: readonly string[];
  /** Those of them that set something, as a configuration: see {@link FrrMemory.begun}. */
  readonly sets: string;
}

const NOTHING: FrrChange = { lines: [], sets: "" };

/** The views of one context. */
interface Views {
  readonly desired: readonly FrrCommand[];
  readonly applied: readonly FrrCommand[];
  /** What is meshover's when it is there: what was applied, and what was begun. */
  readonly ours: readonly FrrCommand[];
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
    ours: childrenOf(views.ours, line),
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

/** Whether a setting that FRR did not list with this value has one now that it lists: somebody gave it another. */
function hasNewValue({ after, running }: Views, line: string): boolean {
  const setting = settingOf(line);
  return setting !== undefined &&
    running.some((one) =>
      one.children === undefined && settingOf(one.line) === setting &&
      findCommand(after, one.line) === undefined
    );
}

/**
 * The order of setting. FRR 8.4 checks its whole configuration where an interface or a route map ends. So they come first, the
 * many interfaces before all, and long lists after them: 500 tunnels with the checks of 500 nodes take 15 s, and took 78 s in
 * the order of the text. Inside a context plain commands come first: a template may name a neighbour in a second
 * `router bgp` block, and its address family would be set up before it.
 */
function inOrder(commands: readonly FrrCommand[], path: readonly string[]): readonly FrrCommand[] {
  const rank = ({ line, children }: FrrCommand) => {
    if (path.length > 0) return children === undefined ? 0 : 1;
    return line.startsWith("interface ") ? 0 : line.startsWith("route-map ") ? 1 : 2;
  };
  return commands.toSorted((a, b) => rank(a) - rank(b));
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
    if (!hidden || losing || hasNewValue(views, line)) steps.set.push({ path, line });
  }
}

/** Whether FRR has a line: as it was given, numbered, or with more words. */
function isListed(running: readonly FrrCommand[], line: string): boolean {
  return findCommand(running, line) !== undefined ||
    running.some((one) => one.line.startsWith(`${line} `));
}

/** Whether FRR has lines in this context that meshover did not set: not as they are, and not as the beginning of them. */
function isForeign({ ours, running }: Pick<Views, "ours" | "running">): boolean {
  return running.some(({ line, children }) => {
    const own = findCommand(ours, line) ?? findCommand(ours, unnumbered(line)) ??
      ours.find((one) => one.children === undefined && line.startsWith(`${one.line} `));
    if (own === undefined) return true;
    return children !== undefined && isForeign({ ours: own.children ?? [], running: children });
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

/** Takes back what is meshover's and is not desired any more, last first. */
function dropStale(views: Views, path: readonly string[], steps: Steps): void {
  for (const { line, children } of [...views.ours].reverse()) {
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
function replacedInstances({ desired, ours, running }: Views): readonly string[] {
  const instance = /^router bgp \d+$/;
  const wanted = desired.find(({ line }) => instance.test(line));
  return wanted === undefined ? [] : running
    .filter(({ line }) => instance.test(line) && line !== wanted.line && findCommand(ours, line))
    .map(({ line }) => line);
}

function differ(views: Views): FrrChange {
  const replaced = replacedInstances(views);
  const running = views.running.filter(({ line }) => !replaced.includes(line));
  const steps: Steps = { early: [], set: [], late: [] };
  setMissing({ ...views, running }, [], steps);
  dropStale({ ...views, running }, [], steps);
  const lines = sessionLines([
    ...replaced.map((line) => ({ path: [], line: negated(line) })),
    ...withoutOrphans(steps.early),
    ...steps.set,
    ...withoutOrphans(steps.late),
  ]);
  return { lines, sets: stepsText(steps.set) };
}

/**
 * What brings FRR from what it runs to what is desired. Lines that neither were applied or begun nor are desired are the
 * operator's and are left alone.
 */
export function planFrrChange(
  { desired, applied, begun, running: shown }: FrrDiffInput,
): FrrChange {
  // The common case of a loop that comes by again and again; FRR took what is desired and still lists it the same way.
  if (desired === applied?.text && shown === applied.runningAfter) return NOTHING;
  const running = parseFrrText(shown);
  const known = applied === undefined ? marked(running) : parseFrrText(applied.text);
  return differ({
    desired: parseFrrText(desired),
    applied: known,
    ours: begun === undefined ? known : parseFrrText(formatFrrText(known) + begun),
    after: applied === undefined ? running : parseFrrText(applied.runningAfter),
    running,
  });
}

/** The lines of {@link planFrrChange}. */
export function diffFrrConf(input: FrrDiffInput): readonly string[] {
  return planFrrChange(input).lines;
}

/** The lines that take back everything that was applied or begun, and nothing else. */
export function removeFrrConf(memory: FrrMemory, running: string): readonly string[] {
  return diffFrrConf({ desired: "", ...memory, running });
}
