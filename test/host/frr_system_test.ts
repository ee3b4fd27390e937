import assert from "node:assert/strict";
import {
  type Exec,
  type ExecOptions,
  type ExecResult,
  MissingProgramError,
} from "../../lib/host/exec.ts";
import { FrrSystem } from "../../lib/host/frr_system.ts";
import { StateDir } from "../../lib/host/state_dir.ts";

/** A host on which daemons answer once they were started; it knows what a real one would, and throws on the rest. */
class FakeHost implements Exec {
  readonly running: Set<string>;
  readonly ran: string[] = [];

  constructor(
    private readonly options: { installed: readonly string[]; running?: readonly string[] },
  ) {
    this.running = new Set(options.running);
  }

  run(argv: readonly string[], _options?: ExecOptions): Promise<ExecResult> {
    const [program, ...args] = argv;
    const command = argv.join(" ");
    const answer = (code: number, stdout = "") => Promise.resolve({ code, stdout, stderr: "" });
    if (command === "vtysh -c show daemons") {
      return this.running.size === 0 ? answer(1) : answer(0, ` ${[...this.running].join(" ")}\n`);
    }
    const socket = /^test -S \/run\/frr\/(\w+)\.vty$/.exec(command)?.[1];
    if (socket !== undefined) return answer(this.running.has(socket) ? 0 : 1);
    if (program === "test") return answer(this.options.installed.includes(args[1]!) ? 0 : 1);
    this.ran.push(command);
    if (program === "install") return answer(0);
    if (program === "cat") return answer(0, `${this.#pidOf(/(\w+)\.pid/.exec(command)![1]!)}\n`);
    if (program === "kill" && args[0] === "-0") return answer(1);
    if (program === "kill") {
      for (const name of this.running) {
        if (`${this.#pidOf(name)}` === args[0]) this.running.delete(name);
      }
      return answer(0);
    }
    if (!this.options.installed.includes(program!)) throw new MissingProgramError(program!);
    this.running.add(program!.split("/").at(-1)!);
    return answer(0);
  }

  watch(): Promise<void> {
    throw new Error("nothing is watched");
  }

  #pidOf(name: string): number {
    return 1000 + name.length * 10 + name.charCodeAt(0);
  }
}

const DAEMONS = ["zebra", "bgpd", "bfdd"].map((name) => `/usr/lib/frr/${name}`);

async function withDir(body: (dir: StateDir) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir();
  try {
    await body(new StateDir(path));
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

Deno.test("ensureRunning() starts what does not answer, zebra first, and nothing the second time", () =>
  withDir(async (dir) => {
    const exec = new FakeHost({ installed: DAEMONS, running: ["watchfrr"] });
    const backend = new FrrSystem({ exec, dir });
    assert.deepEqual(await backend.ensureRunning(), { started: true });
    const started = exec.ran.filter((command) => command.startsWith("/usr/lib/frr/"));
    assert.equal(started[0], "/usr/lib/frr/zebra -d -P 0 -s 90000000 -K30");
    assert.deepEqual(started.slice(1).sort(), [
      "/usr/lib/frr/bfdd -d -P 0",
      "/usr/lib/frr/bgpd -d -P 0",
    ]);
    assert.deepEqual(await backend.ensureRunning(), { started: false });
  }));

Deno.test("ensureRunning() starts mgmtd, where FRR has it, and zebra before the others", () =>
  withDir(async (dir) => {
    const exec = new FakeHost({ installed: [...DAEMONS, "/usr/lib/frr/mgmtd"] });
    await new FrrSystem({ exec, dir }).ensureRunning();
    const started = exec.ran.filter((command) => command.startsWith("/usr/lib/frr/")).map((
      command,
    ) => command.split(" ")[0]);
    assert.deepEqual(started.slice(0, 2), ["/usr/lib/frr/mgmtd", "/usr/lib/frr/zebra"]);
  }));

Deno.test("ensureRunning() says what to install when FRR is not there", () =>
  withDir(async (dir) => {
    await assert.rejects(
      new FrrSystem({ exec: new FakeHost({ installed: [] }), dir }).ensureRunning(),
      {
        name: "StateError",
        message:
          /^Cannot start zebra: it is not in \/usr\/lib\/frr nor \/usr\/libexec\/frr; install FRR/,
      },
    );
  }));

Deno.test("stop() ends what an earlier agent started and leaves the operator's daemons", () =>
  withDir(async (dir) => {
    const exec = new FakeHost({ installed: DAEMONS, running: ["zebra"] });
    await new FrrSystem({ exec, dir }).ensureRunning();
    const later = new FrrSystem({ exec, dir });
    assert.equal(
      await later.describe(),
      "bgpd, bfdd started by meshover, the others by the system",
    );
    await later.stop();
    assert.deepEqual([...exec.running], ["zebra"]);
    await later.stop();
    assert.deepEqual([...exec.running], ["zebra"]);
    assert.equal(await later.describe(), "daemons of the system");
  }));
