import assert from "node:assert/strict";
import { STATUS_FILE } from "../../lib/agent/local_status.ts";
import { probeStatus, type ShowOptions, watchStatus } from "../../lib/cli/run_status.ts";
import { StateDir } from "../../lib/host/state_dir.ts";
import { localStatus, WRITTEN_MS } from "../agent/local_status_fixture.ts";

/** A state directory, what is printed, and how to change the status that lies there. */
async function withStatus(
  play: (options: ShowOptions & { lines: string[]; dir: StateDir }) => Promise<void>,
): Promise<void> {
  const statedir = await Deno.makeTempDir();
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const dir = new StateDir(statedir);
  try {
    await play({ statedir, json: false, print, now: () => WRITTEN_MS, lines, dir });
  } finally {
    await Deno.remove(statedir, { recursive: true });
  }
}

Deno.test("probeStatus() says no where no agent has run, and yes where one works", async () => {
  await withStatus(async (options) => {
    assert.equal(await probeStatus("live", options), 1);
    assert.match(options.lines.at(-1)!, /^No agent has run with/);
    await options.dir.write(STATUS_FILE, JSON.stringify(localStatus()));
    assert.equal(await probeStatus("ready", options), 0);
    assert.equal(options.lines.at(-1), "1 of 2 peers are up");
  });
});

Deno.test("probeStatus() prints JSON when asked, whatever the answer", async () => {
  await withStatus(async (options) => {
    await options.dir.write(STATUS_FILE, "{ half a fi");
    assert.equal(await probeStatus("ready", { ...options, json: true }), 1);
    const { check, ok, reason } = JSON.parse(options.lines.at(-1)!);
    assert.deepEqual([check, ok], ["ready", false]);
    assert.match(reason, /is damaged/);
  });
});

Deno.test("watchStatus() waits for an agent, and prints again only what has changed", async () => {
  await withStatus(async (options) => {
    const end = new AbortController();
    const turns = [
      () => Promise.resolve(),
      () => options.dir.write(STATUS_FILE, JSON.stringify(localStatus())),
      () => Promise.resolve(),
      () => options.dir.write(STATUS_FILE, JSON.stringify(localStatus({ peers: [] }))),
      () => Promise.resolve(end.abort()),
    ];
    const sleep = () => turns.shift()!();
    assert.equal(await watchStatus({ ...options, terminal: false, sleep, signal: end.signal }), 0);
    assert.equal(options.lines.length, 3);
    assert.match(options.lines[0]!, /No agent has run/);
    assert.match(options.lines[1]!, /node2 /);
    assert.doesNotMatch(options.lines[2]!, /node2 /);
  });
});

Deno.test("watchStatus() draws a terminal anew each time", async () => {
  await withStatus(async (options) => {
    const end = new AbortController();
    const sleep = () => Promise.resolve(end.abort());
    await watchStatus({ ...options, terminal: true, sleep, signal: end.signal });
    assert.ok(options.lines[0]!.startsWith("\x1b[H\x1b[J"));
  });
});
