import assert from "node:assert/strict";
import { z } from "zod";
import type { LabHost } from "../lab_host.ts";
import { LAB_PASSWORD, type Mesh, STATE_DIR } from "../mesh.ts";
import type { Scenario } from "../scenario.ts";
import { waitFor } from "../wait_for.ts";

const PLANTED = "planted-FRR-password";

async function probe(mesh: Mesh, host: LabHost, question: "live" | "ready") {
  const { code, stdout } = await mesh.run(host, [
    "status",
    "--check",
    question,
    "--statedir",
    STATE_DIR,
  ]);
  return { code, reason: stdout.trim() };
}

/** The figures that the agent serves, fetched on the host itself. */
async function figures(host: LabHost, url: string): Promise<string> {
  const script = `console.log(await (await fetch(${JSON.stringify(url)})).text())`;
  return await host.exec([Deno.execPath(), "eval", script]);
}

/** A report of the node, and everything in it that must not be there. */
async function leaks(mesh: Mesh, host: LabHost): Promise<readonly string[]> {
  const { secret } = z.object({ secret: z.string() }).parse(
    await host.json(["cat", `${STATE_DIR}/identity.json`]),
  );
  const key = (await host.exec(["cat", `${STATE_DIR}/wireguard.key`])).trim();
  const token = await mesh.token();
  await host.exec(["vtysh", "-c", "configure terminal", "-c", `password ${PLANTED}`]);
  const args = ["bundle", "/run/lab/report.txt", "--statedir", STATE_DIR];
  const env = { MESHOVER_AGENTTOKEN: token, MESHOVER_PASSWORD: LAB_PASSWORD };
  const said = await mesh.run(host, args, { env });
  assert.equal(said.code, 0, said.stderr);
  const again = await mesh.run(host, args, { env });
  assert.match(again.stderr, /it exists; name another file/);
  assert.equal(await host.shell("stat -c %a /run/lab/report.txt"), "600\n");
  const report = await host.exec(["cat", "/run/lab/report.txt"]);
  assert.match(report, /===== vtysh -c "show running-config"\n[^]*router bgp/);
  assert.match(report, /===== wg show meshover0\n[^]*public key: [A-Za-z0-9+/]{43}=/);
  await host.exec(["vtysh", "-c", "configure terminal", "-c", "no password"]);
  return [secret, key, token, LAB_PASSWORD, PLANTED].filter((word) => report.includes(word));
}

/** What an operator asks a working node. */
export const nodeTools: Scenario = {
  name:
    "status --check, --metrics and bundle tell of a working node, and the bundle holds no secret",
  places: ["bare"],
  play: async (lab) => {
    const mesh = await lab.mesh(2);
    const [host, other] = mesh.world.nodes as [LabHost, LabHost];
    assert.equal((await probe(mesh, host, "live")).code, 1, "nothing has run yet");
    await mesh.startAgent(other);
    const agent = await mesh.startAgent(host, ["--metrics", "127.0.0.1:0"]);
    const line = await agent.waitForLine(/figures for Prometheus/);
    await mesh.settle();
    await waitFor("the node is ready", async () => (await probe(mesh, host, "ready")).code === 0);
    assert.deepEqual(await probe(mesh, host, "ready"), { code: 0, reason: "1 of 1 peers are up" });
    assert.deepEqual(await probe(mesh, host, "live"), { code: 0, reason: "the agent works" });
    const text = await figures(host, /http:[^" ]+/.exec(line)![0]);
    assert.match(text, /^meshover_peer_bgp_established\{peer="node2",.*\} 1$/m);
    assert.match(text, /^meshover_node_controller_connected 1$/m);
    assert.deepEqual(await leaks(mesh, host), []);
  },
};
