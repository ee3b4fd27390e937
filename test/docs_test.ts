import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { commandWords } from "../lib/cli/completion/command_words.ts";
import { COMMANDS } from "../lib/cli/commands.ts";
import { variableOf } from "../lib/cli/parse.ts";
import { DEFAULT_FRR_IMAGE } from "../lib/host/frr_container.ts";
import { ROLES } from "../tools/permissions.ts";
import {
  commandLineProblem,
  commandLinesOf,
  type CommandTable,
  flagNamesOf,
} from "./docs/command_line.ts";
import { anchorOf, fragmentsOf, linksOf, sectionsOf } from "./docs/markdown.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MANUAL = "docs/commands.md";

/** Flags of the tasks in deno.json, which the documents name as well. */
const FLAGS_OF_TASKS = ["nodes", "lab", "shell", "flavour"];

/** Variables that are no flag: which executable to try, where it unpacks, whether to show a stack, whose FRR the parts are tried on. */
const OTHER_VARIABLES = ["MESHOVER_BIN", "MESHOVER_CACHE", "MESHOVER_DEBUG", "MESHOVER_LAB_ROOT"];

/** Folders of the project, as the documents name files in them. */
const PROJECT_PATH = /^(?:bench|conf|docs|lib|systemd|test|tools|ui)\/[\w./-]*$/;

interface Doc {
  readonly path: string;
  readonly text: string;
}

async function read(path: string): Promise<Doc> {
  return { path, text: await Deno.readTextFile(join(ROOT, path)) };
}

async function documents(): Promise<Doc[]> {
  const inDocs = await Array.fromAsync(Deno.readDir(join(ROOT, "docs")));
  const pages = inDocs.filter(({ name }) => name.endsWith(".md")).map(({ name }) => `docs/${name}`);
  const top = ["README.md", "README.ja.md", "CONTRIBUTING.md", "CHANGELOG.md"];
  return await Promise.all([...top, ...pages.toSorted()].map(read));
}

async function commandTable(): Promise<CommandTable> {
  return new Map(
    await Promise.all(COMMANDS.map(async ({ name, load }) => {
      const { flags } = commandWords((await load()).default);
      return [name, new Set(flags.map((flag) => flag.name))] as const;
    })),
  );
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

Deno.test("every command line of meshover in the documents is one that the program takes", async () => {
  const table = await commandTable();
  const problems = (await documents()).flatMap(({ path, text }) =>
    fragmentsOf(text).flatMap(({ text: code, line }) =>
      commandLinesOf(code).flatMap((words) => {
        const problem = commandLineProblem(words, table);
        return problem === undefined ? [] : [`${path}:${line}: ${problem}`];
      })
    )
  );
  assert.deepEqual(problems, []);
});

Deno.test("every flag that the documents name belongs to some command", async () => {
  const known = new Set([
    ...[...(await commandTable()).values()].flatMap((flags) => [...flags]),
    ...FLAGS_OF_TASKS,
  ]);
  const problems = (await documents()).flatMap(({ path, text }) =>
    fragmentsOf(text).filter(({ text: code, inline }) => inline && code.startsWith("-")).flatMap(
      ({ text: code, line }) =>
        flagNamesOf(code).filter((name) => !known.has(name)).map((name) =>
          `${path}:${line}: no command has --${name}`
        ),
    )
  );
  assert.deepEqual(problems, []);
});

Deno.test("every variable that the documents name is one of a flag", async () => {
  const flags = [...(await commandTable()).values()].flatMap((names) => [...names]);
  const known = new Set([...flags.map(variableOf), ...OTHER_VARIABLES]);
  const problems = (await documents()).flatMap(({ path, text }) =>
    [...text.matchAll(/MESHOVER_[A-Z][A-Z_]*/g)].filter(([name]) => !known.has(name)).map(
      ([name]) => `${path}: ${name}`,
    )
  );
  assert.deepEqual(problems, []);
});

Deno.test("every link within the project leads somewhere, and to a heading that is there", async () => {
  const problems: string[] = [];
  for (const { path, text } of await documents()) {
    for (const { target, line } of linksOf(text)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [file, anchor] = target.split("#") as [string, string?];
      const to = file === "" ? path : join(dirname(path), file);
      if (!await exists(join(ROOT, to))) problems.push(`${path}:${line}: ${target}: no such file`);
      else if (anchor !== undefined) {
        const headings = sectionsOf((await read(to)).text).map(({ heading }) => anchorOf(heading));
        if (!headings.includes(anchor)) {
          problems.push(`${path}:${line}: ${target}: no such heading`);
        }
      }
    }
  }
  assert.deepEqual(problems, []);
});

Deno.test("every file of the project that the documents name exists", async () => {
  const problems: string[] = [];
  for (const { path, text } of await documents()) {
    for (const { text: code, line, inline } of fragmentsOf(text)) {
      const named = inline && (PROJECT_PATH.test(code) || code === "main.ts");
      if (named && !await exists(join(ROOT, code))) problems.push(`${path}:${line}: ${code}`);
    }
  }
  assert.deepEqual(problems, []);
});

Deno.test("every task that the documents name is in deno.json", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const problems = (await documents()).flatMap(({ path, text }) =>
    [...text.matchAll(/\bdeno(?:@[\d.]+)? task ([a-z][a-z:]*)/g)].filter(([, name]) =>
      !(name! in tasks)
    ).map(
      ([said]) => `${path}: ${said}`,
    )
  );
  assert.deepEqual(problems, []);
});

/** Flags in the tables of a section of the manual, and of the sections that it links to within the page. */
function flagsUnder(heading: string, text: string): Set<string> {
  const section = sectionsOf(text).find((s) => anchorOf(s.heading) === anchorOf(heading));
  if (section === undefined) return new Set();
  const rows = section.body.split("\n").filter((line) => line.startsWith("|")).map((line) =>
    line.split(/(?<!\\)\|/)[1]!
  );
  const own = fragmentsOf(rows.join("\n"));
  const linked = linksOf(section.body).filter(({ target }) => target.startsWith("#"));
  return new Set([
    ...own.flatMap(({ text: code }) => flagNamesOf(code)),
    ...linked.flatMap(({ target }) => [...flagsUnder(target.slice(1), text)]),
  ]);
}

Deno.test("the manual has a section for every command, with exactly its flags", async () => {
  const { text } = await read(MANUAL);
  const common = flagsUnder("Flags of every command", text);
  const headings = sectionsOf(text).map(({ heading }) => heading);
  for (const [name, flags] of await commandTable()) {
    const heading = `meshover ${name}`;
    assert.ok(headings.includes(heading), `${MANUAL} lacks a section "### ${heading}"`);
    const said = new Set([...common, ...flagsUnder(heading, text)]);
    const missing = [...flags].filter((flag) => !said.has(flag));
    const stale = [...said].filter((flag) => !flags.has(flag));
    assert.deepEqual({ missing, stale }, { missing: [], stale: [] }, `${MANUAL}, "${heading}"`);
  }
});

Deno.test("the manual names the image of FRR that is run by default", async () => {
  assert.ok((await read(MANUAL)).text.includes(`\`${DEFAULT_FRR_IMAGE}\``));
});

Deno.test("the table of permissions names every role, its commands and its programs", async () => {
  const { text } = await read("docs/security.md");
  for (const { name, words, permissions } of ROLES) {
    const row = text.split("\n").find((line) => line.startsWith(`| ${name} (`));
    assert.ok(row !== undefined, `docs/security.md lacks a row for the role ${name}`);
    const commands = words.filter((word) => /^[a-z]+$/.test(word) && word !== "help");
    for (const word of commands) assert.ok(row.includes(word), `${name}: lacks ${word}`);
    const programs = (permissions.run ?? []).map((path) => path.split("/").at(-1)!);
    for (const program of new Set(programs)) {
      assert.ok(row.includes(`\`${program}\``), `docs/security.md: ${name} may run ${program}`);
    }
  }
});
