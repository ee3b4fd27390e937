import assert from "node:assert/strict";
import { COMMANDS } from "../../lib/cli/commands.ts";
import { type Exec, PROGRAM_PATH as EXEC_PATH } from "../../lib/host/exec.ts";
import { denoFlags, PROGRAM_PATH, type Role, roleOf, ROLES } from "../../tools/permissions.ts";
import { commandSections } from "../../lib/agent/report_sections.ts";
import { Background } from "../lab/background.ts";
import { PROJECT_ROOT } from "../lab/machine/project_root.ts";
import { productCommand } from "../lab/product.ts";
import { runProgram, tryProgram } from "../lab/run_program.ts";

/** Runs a script with a role's permissions, and returns what it printed. */
async function runAs(role: Role["name"], script: string): Promise<string> {
  const { permissions } = ROLES.find(({ name }) => name === role)!;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, script);
    const flags = ["--quiet", "--no-config", "--no-prompt", "--no-lock", ...denoFlags(permissions)];
    const { stdout, stderr } = await tryProgram([Deno.execPath(), "run", ...flags, file]);
    return stdout.trim() || stderr;
  } finally {
    await Deno.remove(file);
  }
}

/** A command of each role that ends by itself, its exit code, and what it says: STATE stands for an empty folder. */
const STARTS: readonly (readonly [Role["name"], string, number, RegExp])[] = [
  ["text", "version", 0, /^meshover \d/],
  ["client", "token list --controlserver https://127.0.0.1:9 --password x", 1, /127\.0\.0\.1:9/],
  ["status", "status --statedir STATE", 1, /STATE/],
  ["doctor", "doctor --json --statedir STATE --frr none", -1, /"id":"programs","verdict":"ok"/],
  ["bundle", "bundle - --statedir STATE", 0, /===== ip address\n1: lo/],
  [
    "agent",
    "agent --dry-run --statedir STATE --controlserver https://127.0.0.1:9",
    0,
    /^would enrol/,
  ],
  ["controller", "controller backup STATE/copy --statefile STATE", 1, /STATE/],
];

for (const [role, line, expected, says] of STARTS) {
  Deno.test(`the role ${role} starts with exactly its permissions`, async () => {
    const state = await Deno.makeTempDir({ prefix: "meshover-role-" });
    try {
      const { permissions } = ROLES.find(({ name }) => name === role)!;
      const flags = ["--quiet", "--no-prompt", "--cached-only", "--unstable-net"];
      const words = line.replaceAll("STATE", state).split(" ");
      assert.equal(roleOf(words[0]!).name, role);
      const { code, stdout, stderr } = await tryProgram([
        ...[Deno.execPath(), "run", ...flags, ...denoFlags(permissions), "main.ts"],
        ...words,
      ], { cwd: PROJECT_ROOT, env: { PATH: PROGRAM_PATH } });
      const said = (stdout + stderr).replaceAll(state, "STATE");
      assert.doesNotMatch(said, /NotCapable|Requires \w+ access/);
      if (expected >= 0) assert.equal(code, expected, said);
      assert.match(said, says);
    } finally {
      await Deno.remove(state, { recursive: true });
    }
  });
}

Deno.test("the controller listens and keeps its state with exactly its permissions", async () => {
  const state = await Deno.makeTempDir({ prefix: "meshover-role-" });
  const { permissions } = roleOf("controller");
  const controller = Background.start([
    ...[Deno.execPath(), "run", "--quiet", "--no-prompt", "--cached-only", "--unstable-net"],
    ...[...denoFlags(permissions), `${PROJECT_ROOT}/main.ts`, "controller"],
    ...["--listen", "127.0.0.1:0", "--statefile", state, "--password", "for the test"],
  ], { name: "controller", enter: [] });
  try {
    await controller.waitForLine(/listening on/);
    assert.doesNotMatch(controller.output, /NotCapable|Requires \w+ access/);
  } finally {
    await controller.stop();
    await Deno.remove(state, { recursive: true });
  }
});

/** A script that prints the names of the errors of each step, or "done". */
function attempts(steps: readonly string[]): string {
  const tried = steps.map((step) => `await tell(async () => { ${step} });`).join("\n");
  return `async function tell(act: () => Promise<void>) {
    try { await act(); console.log("done"); } catch (error) { console.log((error as Error).name); }
  }\n${tried}`;
}

const spawn = (program: string) => `await new Deno.Command(${JSON.stringify(program)}).output();`;
const listen = (hostname: string) =>
  `Deno.listen({ hostname: ${JSON.stringify(hostname)}, port: 0 }).close();`;

Deno.test("every command has the role that its table of permissions names", () => {
  const roles = Object.fromEntries(
    COMMANDS.map(({ name }) => [name, roleOf(name.split(" ")[0]!).name]),
  );
  assert.equal(roles["agent"], "agent");
  assert.equal(roles["down"], "agent");
  assert.equal(roles["bundle"], "bundle");
  assert.equal(roles["controller"], "controller");
  assert.equal(roles["token gen"], "client");
  assert.equal(roles["version"], "text");
});

Deno.test("no role may do everything, and only the controller loads native code", () => {
  for (const { name, permissions } of ROLES) {
    const flags = denoFlags(permissions, "/addon");
    assert.ok(!flags.includes("--allow-all") && !flags.includes("-A"), name);
    assert.ok(!flags.includes("--allow-run") && !flags.includes("--allow-env"), name);
    assert.equal(flags.includes("--allow-ffi=/addon"), name === "controller", name);
  }
});

Deno.test("the controller cannot start a program", async () => {
  const said = await runAs("controller", attempts([spawn("/bin/true"), spawn("ip"), spawn("sh")]));
  assert.equal(said, "NotCapable\nNotCapable\nNotCapable");
});

Deno.test("the agent starts only programs of its table, and loads no native code", async () => {
  const steps = [spawn("id"), spawn("/bin/sh"), spawn("curl"), `Deno.dlopen("libc.so.6", {});`];
  const said = (await runAs("agent", attempts(steps))).split("\n");
  assert.deepEqual(said, ["done", "NotCapable", "NotCapable", "NotCapable"]);
});

Deno.test("the agent listens on loopback and on no wildcard address", async () => {
  const said = await runAs(
    "agent",
    attempts([listen("127.0.0.1"), listen("0.0.0.0"), listen("::")]),
  );
  assert.equal(said, "done\nNotCapable\nNotCapable");
});

Deno.test("nothing that the agent is made of listens but its figures, on loopback, and for systemd, on no network", async () => {
  const folders = ["agent", "client", "host", "plan", "model"].map((name) => `lib/${name}`);
  const listening = (await runProgram([
    ...["grep", "--recursive", "--files-with-matches", "--include=*.ts", "--extended-regexp"],
    ...["Deno\\.(listen|serve)|createServer|createSocket", ...folders, "lib/cli"],
  ], { cwd: PROJECT_ROOT })).trim().split("\n").toSorted();
  assert.deepEqual(listening, ["lib/agent/metrics.ts", "lib/cli/service_manager.ts"]);
  // Deno's permissions do not tell listening from connecting, so an address of the machine's own is refused by the program.
  const environment = { MESHOVER_CONTROLSERVER: "https://127.0.0.1:9" };
  for (const address of ["192.0.2.1:9912", "0.0.0.0:9912", "[::]:9912", "[2001:db8::1]:9912"]) {
    const { code, stderr } = await tryProgram(
      [...productCommand(), "agent", "--once", "--metrics", address],
      { env: environment },
    );
    assert.equal(code, 2, stderr);
    assert.match(stderr, /can be reached from other machines/);
  }
});

Deno.test("a report may run every program that it asks", async () => {
  const asked = new Set<string>();
  const exec: Exec = {
    run: (argv) => {
      asked.add(argv[0]!);
      return Promise.resolve({ code: 0, stdout: "", stderr: "" });
    },
    watch: () => Promise.resolve(),
  };
  await commandSections(exec, (args) => ["vtysh", ...args]);
  const allowed = new Set(roleOf("bundle").permissions.run);
  assert.deepEqual([...asked].filter((program) => !allowed.has(program)), []);
  assert.ok(asked.has("journalctl"));
});

Deno.test("a report may do all that the doctor may", () => {
  const allowed = new Set(roleOf("bundle").permissions.run);
  const missing = roleOf("doctor").permissions.run!.filter((program) => !allowed.has(program));
  assert.deepEqual(missing, []);
});

Deno.test("what only prints reaches neither files nor the network nor programs", async () => {
  const steps = [listen("127.0.0.1"), `await Deno.readTextFile("/etc/hostname");`, spawn("id")];
  assert.equal(await runAs("text", attempts(steps)), "NotCapable\nNotCapable\nNotCapable");
});

Deno.test("variables that are not meshover's seem not to be set", async () => {
  const script = `console.log(Deno.env.get("PATH"), Deno.env.get("MESHOVER_TEST"));`;
  assert.equal(await runAs("client", script), "undefined undefined");
});

Deno.test("programs are looked up where the agent looks for them", () => {
  assert.equal(PROGRAM_PATH, EXEC_PATH);
});
