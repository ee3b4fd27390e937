import assert from "node:assert/strict";
import { MissingProgramError, SystemExec } from "../../lib/host/exec.ts";
import { VtyshShell } from "../../lib/host/vtysh_shell.ts";

/** Repeats each command behind its prompt as vtysh does, in part when it is long, and passes over comments. */
const VTYSH = `printf '\\nHello, this is FRRouting.\\n\\n'
while printf 'a-host# '; read -r line; do
  if [ "\${#line}" -gt 60 ]; then printf '\\r<%s\\n' "\${line#??????????}"; else echo "$line"; fi
  case $line in
    "!"*) ;;
    pid) echo $$ ;;
    open) printf 'no end of line' ;;
    many) i=0; while [ $i -lt 20000 ]; do echo "line $i"; i=$((i+1)); done ;;
    lost) echo 'Warning: closing connection to bgpd because of an I/O error!' ;;
    hang) sleep 60 ;;
    end) exit ;;
    *) echo "% Unknown command: $line" ;;
  esac
done`;

/** Runs `test` with a shell on that program. */
async function withShell(
  test: (shell: VtyshShell) => Promise<void>,
  timeoutMs = 60_000,
): Promise<void> {
  const shell = new VtyshShell({
    exec: new SystemExec(),
    argv: ["sh", "-c", VTYSH],
    timeoutMs,
  });
  try {
    await test(shell);
  } finally {
    await shell.close();
  }
}

Deno.test("a vtysh that stays answers one question after the other, each command by itself", async () => {
  await withShell(async (shell) => {
    const [pid] = (await shell.ask(["pid"]))!;
    assert.deepEqual(await shell.ask(["open", "no", "pid"]), [
      "no end of line",
      "% Unknown command: no\n",
      pid,
    ]);
    const many = (await shell.ask(["many"]))![0]!;
    assert.equal(many.split("\n").length, 20_001);
    assert.deepEqual(await shell.ask([]), []);
    assert.deepEqual(await shell.ask(["pid"]), [pid]);
  });
});

Deno.test("a vtysh that stays keeps apart what several ask at once", async () => {
  await withShell(async (shell) => {
    const names = Array.from({ length: 20 }, (_, i) => `name${i}`);
    const answers = await Promise.all(names.map((name) => shell.ask([name])));
    assert.deepEqual(answers, names.map((name) => [`% Unknown command: ${name}\n`]));
  });
});

Deno.test("a vtysh that stays repeats only a part of a long command, which is no part of the answer", async () => {
  await withShell(async (shell) => {
    const long = "show something ".repeat(8).trim();
    assert.deepEqual(await shell.ask([long]), [`% Unknown command: ${long}\n`]);
  });
});

Deno.test("a vtysh that ends, or has lost a daemon, is not relied on, and the next question goes to a new one", async () => {
  await withShell(async (shell) => {
    const pids = new Set<string>();
    for (const what of ["end", "lost", "end"]) {
      pids.add((await shell.ask(["pid"]))![0]!);
      assert.equal(await shell.ask(["pid", what, "pid"]), undefined);
    }
    await shell.ask(["pid"]);
    await shell.renew();
    pids.add((await shell.ask(["pid"]))![0]!);
    assert.equal(pids.size, 4);
  });
});

Deno.test("a vtysh that hangs is ended when its time is over", async () => {
  await withShell(async (shell) => {
    assert.equal(await shell.ask(["hang"]), undefined);
  }, 300);
});

Deno.test("a vtysh that is missing is asked for again the next time", async () => {
  const bin = await Deno.makeTempDir();
  const argv = [`${bin}/vtysh`];
  const shell = new VtyshShell({ exec: new SystemExec(), argv, timeoutMs: 60_000 });
  try {
    await assert.rejects(shell.ask(["pid"]), MissingProgramError);
    await Deno.writeTextFile(argv[0]!, `#!/bin/sh\n${VTYSH}`, { mode: 0o755 });
    assert.match((await shell.ask(["pid"]))![0]!, /^\d+\n$/);
  } finally {
    await shell.close();
    await Deno.remove(bin, { recursive: true });
  }
});

Deno.test("a vtysh that cannot be kept, or is closed, is not asked", async () => {
  const { run, watch } = new SystemExec();
  const argv = ["sh", "-c", VTYSH];
  const none = new VtyshShell({ exec: { run, watch }, argv, timeoutMs: 1000 });
  assert.equal(await none.ask(["pid"]), undefined);
  const closed = new VtyshShell({ exec: new SystemExec(), argv, timeoutMs: 1000 });
  await closed.close();
  assert.equal(await closed.ask(["pid"]), undefined);
});
