import assert from "node:assert/strict";
import type { Background } from "../background.ts";
import type { LabHost } from "../lab_host.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { waitFor } from "../wait_for.ts";
import { productCommand } from "../product.ts";

/** How the addresses of marks begin, which nothing else has. */
const MARKS = "203.0.113.";

/** Nothing to change: no command that writes is run. */
export const secondRunWritesNothing: Scenario = {
  name: "a second agent run with nothing to do changes nothing",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(2);
    const { world } = mesh;
    const [first] = world.nodes as [LabHost, LabHost];
    await Promise.all(world.nodes.map((host) => mesh.startAgent(host)));
    await mesh.settle();
    await mesh.agent(first).stop();
    const once = [...productCommand(), ...mesh.agentArgs(first, ["--once", "--log", "words"])];
    // Whatever the stopped agent had not got to yet.
    await first.exec(once);

    const monitor = first.start([
      "ip",
      "-o",
      "monitor",
      "link",
      "address",
      "route",
      "rule",
      "netconf",
    ]);
    await mark(first, { monitor, with: `${MARKS}1` });
    const before = monitor.output.length;
    const said = await first.tryExec(once);
    assert.equal(said.code, 0, said.stderr);
    await mark(first, { monitor, with: `${MARKS}2` });
    const events = monitor.output.slice(before).split("\n").slice(0, -1);
    assert.deepEqual(
      // Not only the last mark's: the first may have been made twice before it was seen.
      events.filter((event) => !event.includes(MARKS)),
      [],
      "the kernel reports no change",
    );
    const { reconcile } = await mesh.status(first);
    assert.deepEqual([reconcile.done, reconcile.failed], [0, []], said.stdout + said.stderr);
  },
};

/** Makes and removes a route and waits until the monitor has told of it: all that happened before has been told then. */
async function mark(
  host: LabHost,
  { monitor, with: address }: { readonly monitor: Background; readonly with: string },
): Promise<void> {
  await waitFor("ip monitor tells of a route", async () => {
    await host.shell(`ip route add ${address}/32 dev lo; ip route del ${address}/32 dev lo`);
    return monitor.output.includes(`Deleted ${address} `);
  });
}
