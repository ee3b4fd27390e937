import assert from "node:assert/strict";
import { FrrTemplate } from "../../lib/agent/frr_template.ts";
import { FrrSyntaxError } from "../../lib/host/frr_syntax_error.ts";
import type { Frr } from "../../lib/host/frr.ts";
import { StateDir } from "../../lib/host/state_dir.ts";
import { TemplateFile } from "../../lib/host/template_file.ts";
import { frrInput, TEMPLATE } from "../plan/frr_fixture.ts";

/** Runs `task` with an operator's template; FRR refuses a line with the word "frob". */
async function withTemplate(
  task: (tried: {
    template: FrrTemplate;
    write: (text: string) => Promise<void>;
    checks: () => number;
    path: string;
  }) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/frr.conf`;
  let checks = 0;
  const check = (text: string) => {
    checks++;
    const at = text.split("\n").findIndex((line) => line.includes("frob"));
    return at < 0
      ? Promise.resolve()
      : Promise.reject(new FrrSyntaxError({ line: at + 1, said: "Unknown command" }));
  };
  const file = new TemplateFile({ path, builtIn: TEMPLATE });
  const parts = { file, frr: { check } as unknown as Frr, dir: new StateDir(folder) };
  try {
    await task({
      template: new FrrTemplate(parts),
      write: (text) => Deno.writeTextFile(path, text),
      checks: () => checks,
      path,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const ANSWERS = { answers: true, nowS: 0 };

Deno.test("FrrTemplate has FRR check a text once, and not before FRR answers", () =>
  withTemplate(async ({ template, write, checks }) => {
    await write("! {{asn}}\n");
    const input = frrInput();
    await template.render(input, { answers: false, nowS: 0 });
    assert.equal(checks(), 0);
    for (let i = 0; i < 3; i++) {
      assert.match((await template.render(input, ANSWERS)).text!, /! 4200000001\n$/);
    }
    assert.equal(checks(), 1);
    await template.render(frrInput(), ANSWERS);
    assert.equal(checks(), 1, "other values that give the same text");
  }));

Deno.test("FrrTemplate names the line of the file that FRR refuses, and keeps to what worked last with new values", () =>
  withTemplate(async ({ template, write, path }) => {
    const input = frrInput();
    await write("! good {{hostname}}\n");
    await template.taken((await template.render(input, ANSWERS)).text!);
    await write("! one\n{{#tunnels}}\n frob {{device}}\n{{/tunnels}}\n");
    const { text, problem } = await template.render(
      frrInput({ hostname: "other" as typeof input.hostname }),
      ANSWERS,
    );
    assert.match(text!, /! good other\n$/);
    assert.equal(
      problem,
      `FRR refuses the template ${path} in line 3: Unknown command; the template that worked last stays in force`,
    );
  }));

Deno.test("FrrTemplate configures nothing while no template has ever worked, and says so", () =>
  withTemplate(async ({ template, write, path }) => {
    await write("{{#tunnels}}\n");
    const { text, problem } = await template.render(frrInput(), ANSWERS);
    assert.equal(text, undefined);
    assert.match(problem!, new RegExp(`Cannot read the FRR template ${path}.*Unclosed section`));
    assert.match(problem!, /FRR is not configured until it is mended$/);
  }));

Deno.test("FrrTemplate follows a file that comes back", () =>
  withTemplate(async ({ template, write, path }) => {
    assert.match(
      (await template.render(frrInput(), ANSWERS)).problem!,
      new RegExp(`^Cannot read the FRR template ${path}: No such file`),
    );
    await write("!\n");
    assert.equal((await template.render(frrInput(), ANSWERS)).problem, undefined);
  }));

Deno.test("FrrTemplate tries a text that was refused again after five minutes, one that a daemon's end may have kept out after seconds", () =>
  withTemplate(async ({ template, write }) => {
    const input = frrInput();
    await write("! {{asn}}\n");
    const { text } = await template.render(input, ANSWERS);
    const isHeld = async (nowS: number) =>
      (await template.render(input, { answers: true, nowS })).problem !== undefined;
    template.refused(text!, { why: "Unknown command", nowS: 1000, sure: true });
    assert.deepEqual([await isHeld(1299), await isHeld(1300)], [true, false]);
    template.refused(text!, { why: "timed out", nowS: 2000, sure: false });
    assert.deepEqual([await isHeld(2019), await isHeld(2020)], [true, false]);
  }));
