import assert from "node:assert/strict";
import { messageOf } from "../../../lib/model/errors.ts";
import { differences, type Fingerprint, fingerprint } from "../fingerprint.ts";
import type { LabHost } from "../lab_host.ts";
import type { Mesh } from "../mesh.ts";
import { patient } from "../patience.ts";
import { productCommand } from "../product.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { waitFor } from "../wait_for.ts";
import { nodeAddress } from "../node_address.ts";

/** One thing done wrong, and what must be said about it. */
interface Mistake {
  readonly what: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** 2 for bad input, 1 when the state does not allow it. */
  readonly code: 1 | 2;
  /** All must be in the line: the thing, the value, what to do. */
  readonly says: readonly RegExp[];
}

/** Hides a program from one host, by a layer over its folder. */
const HIDE_WG = `
  mkdir -p /run/lab/upper /run/lab/work
  mount -t overlay overlay -o lowerdir=/usr/bin,upperdir=/run/lab/upper,workdir=/run/lab/work /usr/bin
  rm /usr/bin/wg`;

/** Runs a command without the rights of root but with its files. */
const NOT_ROOT = ["unshare", "--user", "--map-user=1000", "--map-group=1000"];

/** Every line of the list of mistakes: one line says what is wrong, and nothing is changed. */
export const badInput: Scenario = {
  name: "bad input gets one line that says what to do, and changes nothing",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(2);
    const [holder, host] = mesh.world.nodes as [LabHost, LabHost];
    await mesh.startAgent(holder);
    await waitFor("the name is taken", () => nodeAddress(holder));
    const before = await fingerprint(host);
    const problems: string[] = [];
    const tryOut = async (mistake: Mistake) => {
      const problem = await outcome(host, { mistake, before }).catch(messageOf);
      if (problem !== undefined) problems.push(`${mistake.what}: ${problem}`);
    };
    for (const mistake of await mistakes(mesh, host)) await tryOut(mistake);
    const noKernelModule = await moduleMistake(mesh, host);
    if (noKernelModule !== undefined) await tryOut(noKernelModule);
    await host.shell(HIDE_WG);
    await tryOut(await missingProgram(mesh, host));
    assert.equal(problems.join("\n"), "");
  },
};

async function mistakes(mesh: Mesh, host: LabHost): Promise<Mistake[]> {
  const token = { MESHOVER_AGENTTOKEN: await mesh.token() };
  const agent = [...productCommand(), ...mesh.agentArgs(host)];
  const nowhere = "http://172.30.0.99:8080";
  const elsewhere = agent.map((word) => word === mesh.url ? nowhere : word);
  return [
    { what: "no token", argv: agent, code: 2, says: [/agenttoken/, /token gen/] },
    {
      what: "wrong token",
      argv: agent,
      env: { MESHOVER_AGENTTOKEN: "0123456789abcdef0123456789abcdef" },
      code: 1,
      says: [/token/i],
    },
    {
      what: "unknown flag",
      argv: [...agent, "--frog", "x"],
      env: token,
      code: 2,
      says: [/--frog/],
    },
    {
      what: "bad CIDR",
      argv: [...agent, "--gathering", "10.1.2.3/8"],
      env: token,
      code: 2,
      says: [/--gathering/, /10\.1\.2\.3\/8/, /10\.0\.0\.0\/8/],
    },
    {
      what: "unreachable controller",
      argv: elsewhere,
      env: token,
      code: 1,
      says: [/172\.30\.0\.99:8080/],
    },
    {
      what: "name held by another",
      argv: agent.map((word) => word === host.name ? "node1" : word),
      env: token,
      code: 1,
      says: [/node1/],
    },
    {
      what: "not root",
      argv: [...NOT_ROOT, ...agent],
      env: token,
      code: 1,
      says: [/root/, /sudo/],
    },
  ];
}

async function missingProgram(mesh: Mesh, host: LabHost): Promise<Mistake> {
  return {
    what: "missing program",
    argv: [...productCommand(), ...mesh.agentArgs(host)],
    env: { MESHOVER_AGENTTOKEN: await mesh.token() },
    code: 1,
    says: [/\bwg\b/, /wireguard-tools|install/],
  };
}

/** Only where the kernel lacks WireGuard; it loads a module that it has by itself. */
async function moduleMistake(mesh: Mesh, host: LabHost): Promise<Mistake | undefined> {
  const { code } = await host.tryExec(["ip", "link", "add", "probe0", "type", "wireguard"]);
  if (code === 0) {
    await host.exec(["ip", "link", "del", "probe0"]);
    return undefined;
  }
  return {
    what: "missing kernel module",
    argv: [...productCommand(), ...mesh.agentArgs(host, ["--wg", "kernel"])],
    env: { MESHOVER_AGENTTOKEN: await mesh.token() },
    code: 1,
    says: [/module wireguard/, /userspace/],
  };
}

async function outcome(
  host: LabHost,
  { mistake, before }: { readonly mistake: Mistake; readonly before: Fingerprint },
): Promise<string | undefined> {
  const { argv, env = {}, code, says } = mistake;
  const result = await host.tryExec(argv, { env, deadlineS: patient(40) });
  const lines = result.stderr.split("\n").filter((line) => line !== "");
  const said = `it said: ${JSON.stringify(result.stderr)}`;
  if (result.code !== code) return `exit code ${result.code}, expected ${code}; ${said}`;
  if (lines.length !== 1) return `${lines.length} lines, expected one; ${said}`;
  const unsaid = says.filter((pattern) => !pattern.test(lines[0]!));
  if (unsaid.length > 0) return `the line does not match ${unsaid.join(", ")}; ${said}`;
  const changed = differences(before, await fingerprint(host));
  return changed.length === 0 ? undefined : `it changed: ${changed.join("; ")}`;
}
