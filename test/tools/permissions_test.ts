import assert from "node:assert/strict";
import { COMMANDS } from "../../lib/cli/commands.ts";
import { PROGRAM_PATH as EXEC_PATH } from "../../lib/host/exec.ts";
import { denoFlags, PROGRAM_PATH, type Role, roleOf, ROLES } from "../../tools/permissions.ts";
import { tryProgram } from "../lab/run_program.ts";

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
