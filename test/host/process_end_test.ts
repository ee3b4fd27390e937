import assert from "node:assert/strict";
import { type Exec, SystemExec } from "../../lib/host/exec.ts";
import { untilProcessEnds } from "../../lib/host/process_end.ts";

/** A process that runs until it is told, and the file with its number. */
async function withProcess(
  play: (given: { pidFile: string; end: () => void }) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const child = new Deno.Command("sleep", { args: ["300"] }).spawn();
  try {
    const pidFile = `${folder}/daemon.pid`;
    await Deno.writeTextFile(pidFile, `${child.pid}\n`);
    await play({ pidFile, end: () => child.kill("SIGKILL") });
  } finally {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await child.status;
    await Deno.remove(folder, { recursive: true });
  }
}

/** Real programs; `then` comes 300 ms after one is watched, however long the programs before took to start. */
function watchedFor300Ms(then: () => void): Exec {
  const real = new SystemExec();
  return {
    run: (argv, options) => real.run(argv, options),
    watch: (argv, options) => {
      setTimeout(then, 300);
      return real.watch(argv, options);
    },
  };
}

Deno.test("untilProcessEnds() waits for the end of a process, and for nothing when there is none", async () => {
  const { signal } = new AbortController();
  await withProcess(async ({ pidFile, end }) => {
    assert.equal(await untilProcessEnds(watchedFor300Ms(end), { pidFile, signal }), true);
    assert.equal(
      await untilProcessEnds(new SystemExec(), { pidFile: `${pidFile}2`, signal }),
      false,
    );
  });
});

Deno.test("untilProcessEnds() goes when it is told", async () => {
  const told = new AbortController();
  await withProcess(async ({ pidFile }) => {
    const exec = watchedFor300Ms(() => told.abort());
    await untilProcessEnds(exec, { pidFile, signal: told.signal });
    assert.ok(told.signal.aborted);
  });
});
