import assert from "node:assert/strict";
import { SystemExec } from "../../lib/host/exec.ts";
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

Deno.test("untilProcessEnds() waits for the end of a process, and for nothing when there is none", async () => {
  const { signal } = new AbortController();
  await withProcess(async ({ pidFile, end }) => {
    const ended = untilProcessEnds(new SystemExec(), { pidFile, signal });
    setTimeout(end, 300);
    assert.equal(await ended, true);
    assert.equal(
      await untilProcessEnds(new SystemExec(), { pidFile: `${pidFile}2`, signal }),
      false,
    );
  });
});

Deno.test("untilProcessEnds() goes when it is told", async () => {
  const told = new AbortController();
  await withProcess(async ({ pidFile }) => {
    setTimeout(() => told.abort(), 300);
    await untilProcessEnds(new SystemExec(), { pidFile, signal: told.signal });
    assert.ok(told.signal.aborted);
  });
});
