import assert from "node:assert/strict";
import { FrrTemplate } from "../../../lib/agent/frr_template.ts";
import { StateDir } from "../../../lib/host/state_dir.ts";
import { TemplateFile } from "../../../lib/host/template_file.ts";
import { renderFrrConf } from "../../../lib/plan/frr_conf.ts";
import { FrrLab, type FrrNode, TEMPLATE } from "./frr_lab.ts";
import { NO_FRR } from "./three_nodes.ts";

Deno.test({
  name: "a configuration that FRR refuses names the line and changes nothing",
  ignore: NO_FRR,
  fn: async () => {
    await using lab = await FrrLab.make(1);
    const node = lab.node(1);
    await node.frr.ensureRunning();
    await node.configure(node.input([]));
    const before = await node.frr.running();
    const unknown = renderFrrConf(
      `${TEMPLATE}router bgp {{asn}}\n neighbor fabric frob 1\nexit\n`,
      node.input([]),
    );
    await assert.rejects(
      node.frr.check(unknown),
      (error: Error) =>
        error.name === "InputError" &&
        /in line \d+: Unknown command.*neighbor fabric frob 1/.test(error.message),
    );
    const line = Number(
      /in line (\d+)/.exec(await node.frr.check(unknown).catch((e) => e.message))?.[1],
    );
    assert.equal(unknown.split("\n")[line - 1], " neighbor fabric frob 1");
    await node.frr.check(renderFrrConf(TEMPLATE, node.input([])));
    const refused =
      `ip prefix-list mine permit 10.0.0.0/8\n${TEMPLATE}router bgp {{asn}}\n timers bgp 5 15\n neighbor 10.9.9.9 timers 1 3\nexit\n`;
    await assert.rejects(
      node.configure(node.input([]), refused),
      /^StateError: Cannot configure FRR: "neighbor 10.9.9.9 timers 1 3": Specify remote-as or peer-group commands first; the configuration from before is in place/,
    );
    assert.equal(await node.frr.running(), before);
  },
});

/** The operator's template of a node, in a file. */
function operatorsTemplate(node: FrrNode) {
  const path = `${node.stateDir}/frr.conf`;
  const input = node.input([2]);
  const template = new FrrTemplate({
    file: new TemplateFile({ path, builtIn: TEMPLATE }),
    frr: node.frr,
    dir: new StateDir(node.stateDir),
  });
  return {
    path,
    write: (text: string) => Deno.writeTextFile(path, text),
    render: (nowS = 0) => template.render(input, { answers: true, nowS }),
    taken: (text: string) => template.taken(text),
    refused: (text: string, why: string) => template.refused(text, { why, nowS: 0, sure: true }),
    text: (whole: string) => renderFrrConf(whole, input),
  };
}

Deno.test({
  name:
    "a template that FRR does not understand is told with its own line; the last good one stays",
  ignore: NO_FRR,
  fn: async () => {
    await using lab = await FrrLab.make(1);
    const node = lab.node(1);
    await node.frr.ensureRunning();
    const own = operatorsTemplate(node);
    const good = `${TEMPLATE}ip prefix-list mine permit 10.0.0.0/8\n`;
    await own.write(good);
    const first = await own.render();
    assert.deepEqual(first, { text: own.text(good), problem: undefined });
    await own.taken(first.text!);
    const broken = `${good}router bgp {{asn}}\n neighbor fabric frob 1\nexit\n`;
    await own.write(broken);
    const { text, problem } = await own.render();
    assert.equal(text, own.text(good));
    const line = broken.split("\n").indexOf(" neighbor fabric frob 1") + 1;
    assert.match(
      problem!,
      new RegExp(
        `FRR refuses the template ${own.path} in line ${line}: Unknown command.*` +
          "neighbor fabric frob 1; the template that worked last stays in force",
      ),
    );
    const again = operatorsTemplate(node);
    assert.equal((await again.render()).text, own.text(good), "after a restart of the agent");
    await own.write(good);
    assert.deepEqual(await own.render(), { text: own.text(good), problem: undefined });
  },
});

Deno.test({
  name:
    "a template that FRR's daemons refuse is tried again only after a while, or when it changes",
  ignore: NO_FRR,
  fn: async () => {
    await using lab = await FrrLab.make(1);
    const node = lab.node(1);
    await node.frr.ensureRunning();
    const own = operatorsTemplate(node);
    const bad = `${TEMPLATE}router bgp {{asn}}\n neighbor 10.9.9.9 timers 1 3\nexit\n`;
    await own.write(bad);
    const { text } = await own.render();
    assert.equal(text, own.text(bad), "its syntax is right");
    own.refused(text!, "Specify remote-as or peer-group commands first");
    const { text: none, problem } = await own.render(299);
    assert.equal(none, undefined);
    assert.match(
      problem!,
      /frr\.conf: Specify remote-as.*FRR is not configured until it is mended/,
    );
    assert.equal((await own.render(300)).text, own.text(bad));
    await own.write(`${bad}!\n`);
    assert.equal((await own.render(0)).problem, undefined);
  },
});
