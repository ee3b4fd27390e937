import assert from "node:assert/strict";
import type { LabHost } from "../lab_host.ts";
import { kernelRoutes } from "../kernel_routes.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { waitFor } from "../wait_for.ts";

/** Removing a node cuts it off at the others; what is on it stays until it is told, or leaves when it was told before. */
export const nodeIsRemoved: Scenario = {
  name: "a removed node says so, keeps its network until down, or leaves by itself when told to",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(3);
    const [stays, keeps, leaves] = mesh.world.nodes as [LabHost, LabHost, LabHost];
    await mesh.startAgent(stays);
    await mesh.startAgent(keeps);
    const leaving = await mesh.startAgent(leaves, ["--leave-when-removed"]);
    await mesh.settle();
    for (const host of [keeps, leaves]) {
      const { code, stderr } = await mesh.admin(["node", "remove", host.name]);
      assert.equal(code, 0, stderr);
    }
    await mesh.agent(keeps).waitForLine(/the overlay stays as it is until \\?"meshover down/);
    assert.ok((await keeps.shell("ip link show meshover0")).includes("meshover0"));
    await waitFor(
      "the one that was told to leave has left",
      () => Promise.resolve(!leaving.running),
    );
    assert.equal(await leaving.ended, 0, leaving.output);
    assert.equal((await leaves.shell("ip -o link | grep meshover0 || true")).trim(), "");
    await waitFor("the others have no tunnel to either", async () => {
      const links = await stays.shell("ip -o link | grep -c meshover0- || true");
      return links.trim() === "0";
    });
    const learnt = (await kernelRoutes(stays)).filter((route) => route.protocol === "bgp");
    assert.deepEqual(learnt, []);
  },
};
