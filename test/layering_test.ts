import assert from "node:assert/strict";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Each layer may import itself and the ranks below it; folders of one rank never import each other. */
const RANKS: Readonly<Record<string, number>> = {
  model: 0,
  plan: 1,
  host: 2,
  store: 2,
  client: 2,
  controller: 3,
  agent: 3,
  cli: 4,
  main: 5,
};

/** Layers that decide and nothing else. */
const PURE = ["model", "plan"];

/** What would let the clock, chance or the machine into a decision. */
const IMPURE: readonly (readonly [RegExp, string])[] = [
  [/\bDeno\b/, "Deno"],
  [/\bDate\.now\b/, "Date.now"],
  [/\bnew\s+Date\s*(\(\s*\)|(?!\s*\())/, "new Date()"],
  [/\bperformance\b/, "performance"],
  [/\bMath\.random\b/, "Math.random"],
  [/\bcrypto\b/, "crypto"],
  [/\bfetch\s*\(/, "fetch"],
  [/\bset(Timeout|Interval)\b/, "a timer"],
  [/\bWebSocket\b/, "WebSocket"],
  [/\bconsole\b/, "console"],
  [/\b(globalThis|process)\b/, "a global object"],
];

/** The one file that starts programs. */
const PROGRAM_DOOR = "lib/host/exec.ts";

interface Source {
  readonly path: string;
  readonly text: string;
}

/** Source without comments; strings stay, because import specifiers are strings. */
function withoutComments(text: string): string {
  const token =
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[^]*?\*\/|\/\/[^\n]*/g;
  return text.replace(token, (_, string: string | undefined) => string ?? " ");
}

/** Everything that a module names in an import or a re-export: plain, type-only, for its side effect, or dynamic. */
function importsOf(text: string): string[] {
  const source = withoutComments(text);
  const statement = /\b(?:import|export)\b(?:[^"'`;()]*?\bfrom)?\s*["']([^"']+)["']/g;
  const call = /\bimport\s*\(\s*["'`]([^"'`]+)["'`]/g;
  return [...source.matchAll(statement), ...source.matchAll(call)].map((match) => match[1]!);
}

function layerOf(path: string): string {
  const parts = path.split("/");
  return parts[0] === "lib" && parts.length > 2 ? parts[1]! : path === "main.ts" ? "main" : path;
}

function importProblem(from: string, specifier: string): string | undefined {
  const own = layerOf(from);
  if (PURE.includes(own) && specifier.startsWith("node:")) return `${from}: imports ${specifier}`;
  if (!specifier.startsWith(".")) return undefined;
  const path = join(dirname(from), specifier);
  // The texts that ship with the command line, such as the templates, are not code of any layer.
  if (path.startsWith("conf/")) {
    return own === "cli" ? undefined : `${from}: imports ${specifier}, which only cli may`;
  }
  const target = layerOf(path);
  const [ownRank, rank] = [RANKS[own], RANKS[target]];
  if (ownRank === undefined) return `${from}: is in no known layer`;
  if (rank === undefined) return `${from}: imports ${specifier}, which is in no layer`;
  const allowed = own === target || rank < ownRank;
  return allowed ? undefined : `${from}: ${own} imports ${target} (${specifier})`;
}

/** What breaks the rules of the layout in these sources. */
function problemsIn(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const code = withoutComments(text).replace(/"(?:\\.|[^"\\\n])*"/g, '""');
    const imports = importsOf(text).map((specifier) => importProblem(path, specifier));
    const impure = PURE.includes(layerOf(path))
      ? IMPURE.map(([use, what]) => use.test(code) ? `${path}: uses ${what}` : undefined)
      : [];
    const spawns = path !== PROGRAM_DOOR && /\bDeno\.(Command|run)\b/.test(code);
    const programs = spawns ? [`${path}: starts programs; only ${PROGRAM_DOOR} may`] : [];
    return [...imports, ...impure, ...programs].filter((problem) => problem !== undefined);
  });
}

function readSources(folder: string): Source[] {
  return [...Deno.readDirSync(folder)].flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory) return readSources(path);
    if (!/\.tsx?$/.test(entry.name)) return [];
    return [{ path: relative(ROOT, path), text: Deno.readTextFileSync(path) }];
  });
}

Deno.test("every module imports only its own layer and the layers below it", () => {
  const main = { path: "main.ts", text: Deno.readTextFileSync(join(ROOT, "main.ts")) };
  const sources = [...readSources(join(ROOT, "lib")), main];
  assert.ok(sources.length > 10, "the sources were found");
  assert.deepEqual(problemsIn(sources), []);
});

Deno.test("importsOf() finds plain, type-only, side-effect, re-exporting and dynamic imports", () => {
  const text = `
    import { a } from "./a.ts";
    import type { B } from "./b.ts";
    import "./c.ts";
    export * from "./d.ts";
    export {
      type E,
    } from './e.ts';
    const f = await import("./f.ts");
    type G = typeof import("./g.ts");
    // import "./not.ts";
    /* import "./neither.ts"; */
    import h, { type I } from "node:fs";`;
  const names = ["a", "b", "c", "d", "e", "f", "g"].map((name) => `./${name}.ts`);
  assert.deepEqual(importsOf(text).toSorted(), [...names, "node:fs"]);
});

Deno.test("problemsIn() tells of each kind of breach", () => {
  const breach = (path: string, text: string) => problemsIn([{ path, text }]).length;
  assert.equal(breach("lib/model/a.ts", 'import { x } from "../plan/x.ts";'), 1);
  assert.equal(breach("lib/host/a.ts", 'import type { X } from "../store/x.ts";'), 1);
  assert.equal(breach("lib/agent/a.ts", 'await import("../controller/x.ts");'), 1);
  assert.equal(breach("lib/cli/a.ts", 'import { x } from "../../main.ts";'), 1);
  assert.equal(breach("lib/cli/a.ts", 'import { x } from "../../test/lab/x.ts";'), 1);
  assert.equal(breach("lib/other/a.ts", 'import { x } from "../model/x.ts";'), 1);
  assert.equal(breach("lib/plan/a.ts", 'import { x } from "node:fs";'), 1);
  assert.equal(breach("lib/agent/a.ts", 'new Deno.Command("ip");'), 1);
  const impure = ["Deno.env", "Date.now()", "new Date()", "Math.random()", "crypto.subtle"];
  for (const use of [...impure, "fetch(url)", "setTimeout(f, 1)", "performance.now()"]) {
    assert.equal(breach("lib/plan/a.ts", `const x = ${use};`), 1, use);
  }
});

Deno.test("problemsIn() is content with what the rules allow", () => {
  const text =
    'import { x } from "../model/x.ts";\nconst day = new Date(0); // Deno.env\nconst y = "fetch(";';
  assert.deepEqual(problemsIn([{ path: "lib/plan/a.ts", text }]), []);
  assert.deepEqual(
    problemsIn([{ path: "lib/host/a.ts", text: 'import "./b.ts"; Deno.env.get("A");' }]),
    [],
  );
});
