import assert from "node:assert/strict";
import { FILES, KEY_FILE, remember } from "../../lib/agent/memory.ts";
import { makeReport } from "../../lib/agent/report.ts";
import type { Exec, ExecResult } from "../../lib/host/exec.ts";
import { MissingProgramError } from "../../lib/host/exec.ts";
import { StateDir } from "../../lib/host/state_dir.ts";
import { parsePrefix } from "../../lib/model/prefix.ts";
import { NO_SNAPSHOT } from "../../lib/plan/snapshot.ts";
import { peer } from "../plan/fixture.ts";

const PRIVATE = "WAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
const NODE_SECRET = "0badc0de".repeat(8);
const TOKEN = "feedface".repeat(6);
const PASSWORD = "tr0ub4dor";

/** A machine whose every program blurts out all secrets. */
class Blabbermouth implements Exec {
  run(argv: readonly string[]): Promise<ExecResult> {
    if (argv[0] === "journalctl") return Promise.reject(new MissingProgramError("journalctl"));
    const stdout = [
      `${argv[0]} says ${PRIVATE} and ${NODE_SECRET}`,
      `--agenttoken ${TOKEN} -password ${PASSWORD}`,
      `Authorization: Basic ${btoa(`admin:${PASSWORD}`)}`,
      `neighbor 192.0.2.9 password ${PASSWORD}`,
      `something ${PASSWORD} in between`,
    ].join("\n");
    return Promise.resolve({ code: argv[0] === "vtysh" ? 1 : 0, stdout, stderr: "" });
  }

  watch(): Promise<void> {
    return Promise.reject(new Error("nothing is watched here"));
  }
}

async function stateDirWithSecrets(): Promise<StateDir> {
  const dir = new StateDir(await Deno.makeTempDir());
  const mesh = {
    tunnelPools: [parsePrefix("10.192.0.0/12")],
    nodePools: [parsePrefix("10.128.0.0/12")],
  };
  await dir.write(KEY_FILE, `${PRIVATE}\n`);
  const enrolled = { self: peer(1), mesh };
  await remember(dir, { file: FILES.identity, value: { secret: NODE_SECRET, enrolled } });
  const peers = [peer(1), peer(2)];
  const snapshot = { ...NO_SNAPSHOT, meshId: "m", revision: 2, peers, mesh };
  await remember(dir, { file: FILES.snapshot, value: snapshot });
  return dir;
}

Deno.test("makeReport() holds no secret, though every program and file does", async () => {
  const dir = await stateDirWithSecrets();
  try {
    const report = await makeReport({
      exec: new Blabbermouth(),
      stateDir: dir.path,
      checks: [{ id: "root", verdict: "ok", found: `running as ${PASSWORD}`, remedy: null }],
      given: new Map([[TOKEN, "agent token"], [PASSWORD, "password"]]),
      now: new Date(0),
    });
    for (const secret of [PRIVATE, NODE_SECRET, TOKEN, PASSWORD, btoa(`admin:${PASSWORD}`)]) {
      assert.ok(!report.includes(secret), secret);
    }
    assert.match(report, /\[removed: private key\] and \[removed: node secret\]/);
    assert.ok(report.includes(peer(2).publicKey), "public keys stay");
    assert.match(report, /===== journalctl .*\n\(not installed\)/);
    assert.match(report, /===== vtysh -c "show running-config"\n[^]*?\(exit 1\)/);
  } finally {
    await Deno.remove(dir.path, { recursive: true });
  }
});

Deno.test("makeReport() asks FRR in the container where it runs in one", async () => {
  const dir = await stateDirWithSecrets();
  try {
    const value = { sysctlsBefore: {}, frrBackend: "podman" as const, frrNode: "node1" };
    await remember(dir, { file: FILES.host, value });
    const report = await makeReport({
      exec: new Blabbermouth(),
      stateDir: dir.path,
      checks: [],
      given: new Map([[TOKEN, "agent token"], [PASSWORD, "password"]]),
      now: new Date(0),
    });
    assert.match(report, /===== podman exec \S+ vtysh -c "show running-config"\n/);
  } finally {
    await Deno.remove(dir.path, { recursive: true });
  }
});

Deno.test("makeReport() works where no agent has ever run", async () => {
  const report = await makeReport({
    exec: new Blabbermouth(),
    stateDir: "/nonexistent",
    checks: [],
    given: new Map(),
    now: new Date(0),
  });
  assert.match(report, /\/nonexistent\/identity\.json\n\(does not exist\)/);
  assert.ok(!report.includes(PRIVATE) && !report.includes(NODE_SECRET) && !report.includes(TOKEN));
});
