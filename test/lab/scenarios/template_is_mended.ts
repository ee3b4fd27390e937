import assert from "node:assert/strict";
import type { LabHost } from "../lab_host.ts";
import type { Mesh } from "../mesh.ts";
import { reach } from "../reach.ts";
import type { Scenario } from "../scenario.ts";
import { waitFor } from "../wait_for.ts";

const FILE = "/run/lab/frr.conf";
const TEMPLATE = new URL("../../../conf/frr.conf", import.meta.url).pathname;

/** What the agent is told about the template, once it says so. */
async function trouble(mesh: Mesh, host: LabHost, words: RegExp): Promise<void> {
  await waitFor(`${words} in the status`, async () => {
    const { reconcile } = await mesh.status(host);
    const told = reconcile.failed.find(({ change }) => change.startsWith("configure FRR"));
    if (told === undefined || !words.test(told.error)) throw new Error(JSON.stringify(told));
    return true;
  });
}

async function running(host: LabHost): Promise<string> {
  return await host.exec(["vtysh", "-c", "show running-config"]);
}

/** Broken templates, and what the status has to say of each. */
const BROKEN: readonly (readonly [appended: string, words: RegExp])[] = [
  [
    "{{#tunnels}}",
    /Cannot read the FRR template \/run\/lab\/frr\.conf.* Unclosed section "tunnels"/,
  ],
  ["! {{devise}}", /the FRR template \/run\/lab\/frr\.conf: it names "devise" in line \d+/],
  [
    "router bgp {{asn}}\n neighbor fabric frob 1\nexit",
    /FRR refuses the template \/run\/lab\/frr\.conf in line \d+: Unknown command.*neighbor fabric frob 1/,
  ],
  [
    "router bgp {{asn}}\n neighbor 10.9.9.9 timers 1 3\nexit",
    /neighbor 10\.9\.9\.9 timers 1 3": Specify remote-as or peer-group commands first/,
  ],
];

/** A template is a file that people edit while the network works. */
export const templateIsMended: Scenario = {
  name:
    "a template that is broken or that FRR refuses changes nothing, is told, and works once mended",
  places: ["bare"],
  play: async (lab) => {
    const mesh = await lab.mesh(2);
    const [host, other] = mesh.world.nodes as [LabHost, LabHost];
    const good = await Deno.readTextFile(TEMPLATE);
    const write = (text: string) =>
      host.shell(`mkdir -p /run/lab; cat > ${FILE} <<'END'\n${text}END`);
    await write(good);
    await mesh.startAgent(host, ["--frr-template", FILE]);
    await mesh.startAgent(other);
    const address = (await mesh.settle()).get(other.name)!.v4;
    const before = await running(host);
    for (const [appended, words] of BROKEN) {
      await write(`${good}${appended}\n`);
      await trouble(mesh, host, words);
      assert.equal(await running(host), before, appended);
      await reach(host, [address], { deadlineS: 5 });
    }
    await write(`${good}ip prefix-list mended permit 10.0.0.0/8\n`);
    await waitFor(
      "the mended template is followed",
      async () => (await running(host)).includes("ip prefix-list mended"),
    );
    await waitFor(
      "nothing is wrong any more",
      async () => (await mesh.status(host)).reconcile.failed.length === 0,
    );
  },
};
