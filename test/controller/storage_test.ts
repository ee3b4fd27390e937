import assert from "node:assert/strict";
import { RunningController } from "../../bench/controller/running_controller.ts";
import { makeNode, newToken } from "../../bench/controller/swarm.ts";
import type { Health } from "../../lib/model/problem.ts";
import type { Assignment } from "../../lib/model/node.ts";
import { EmbeddedDriver } from "../../lib/store/embedded_driver.ts";
import { requireAllKept } from "./acknowledged.ts";
import { meshover } from "./meshover_command.ts";

async function succeeds(...[program, ...args]: [string, ...string[]]): Promise<boolean> {
  const { success } = await new Deno.Command(program, { args, stdout: "null", stderr: "null" })
    .output();
  return success;
}

/** A disk of 4 MiB: only root may have one. */
async function withDisk(task: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "meshover-disk-" });
  assert.ok(await succeeds("mount", "-t", "tmpfs", "-o", "size=4m", "none", folder));
  try {
    await task(folder);
  } finally {
    await succeeds("umount", "-l", folder);
    await Deno.remove(folder);
  }
}

const canMount = Deno.uid() === 0 &&
  await succeeds("unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt");
if (!canMount) console.log("skipped the full and the read-only disk: this needs root and mounts");

/** Enrols a node; what was acknowledged is kept in `kept`. */
async function enrol(
  controller: RunningController,
  options: { token: string; index: number; kept: Map<string, Assignment> },
): Promise<{ status: number; code: string }> {
  const { request } = makeNode(options.index);
  const response = await fetch(controller.url("/v1/enrol"), {
    method: "POST",
    headers: { authorization: `Bearer ${options.token}`, "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  const answer = await response.json();
  if (response.status === 200) options.kept.set(request.name, answer.self);
  return { status: response.status, code: answer.code };
}

async function readiness(controller: RunningController): Promise<Health> {
  return await (await fetch(controller.url("/readyz"))).json();
}

/** Waits until a controller is ready, or no more, and returns what it says. */
async function untilReady(controller: RunningController, wanted: boolean): Promise<Health> {
  const deadline = Date.now() + 30_000;
  while (true) {
    const health = await readiness(controller);
    if (health.ok === wanted) return health;
    assert.ok(Date.now() < deadline, `/readyz still says ${JSON.stringify(health)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

Deno.test({
  name:
    "on a full disk nothing new is acknowledged, what is there is served, and room is all it takes",
  ignore: !canMount,
  fn: () =>
    withDisk(async (folder) => {
      const kept = new Map<string, Assignment>();
      let controller = await RunningController.start(folder);
      const token = await newToken(controller);
      await enrol(controller, { token, index: 0, kept });
      await succeeds("dd", "if=/dev/zero", `of=${folder}/filler`, "bs=4k");
      let answer = { status: 200, code: "" };
      for (let index = 1; index < 200 && answer.status === 200; index++) {
        answer = await enrol(controller, { token, index, kept });
      }
      assert.deepEqual(answer, { status: 503, code: "database_full" });
      assert.match((await untilReady(controller, false)).waitingFor.join(), /the disk is full/);
      await requireAllKept(controller, kept);

      await Deno.remove(`${folder}/filler`);
      await untilReady(controller, true);
      assert.equal((await enrol(controller, { token, index: 500, kept })).status, 200);
      await controller.stop("SIGKILL");
      controller = await RunningController.start(folder);
      await requireAllKept(controller, kept);
      await controller.stop();
    }),
});

Deno.test({
  name: "on a read-only disk the controller says so and starts when it can write",
  ignore: !canMount,
  fn: () =>
    withDisk(async (folder) => {
      const kept = new Map<string, Assignment>();
      const first = await RunningController.start(folder);
      const token = await newToken(first);
      await enrol(first, { token, index: 0, kept });
      await first.stop();
      assert.ok(await succeeds("mount", "-o", "remount,ro", folder));
      await assert.rejects(
        RunningController.start(folder),
        /cannot be written; check the owner and mode of the file and its folder, and the mount|Read-only file system/i,
      );
      assert.ok(await succeeds("mount", "-o", "remount,rw", folder));
      const second = await RunningController.start(folder);
      await requireAllKept(second, kept);
      assert.equal((await enrol(second, { token, index: 1, kept })).status, 200);
      await second.stop();
    }),
});

Deno.test("a database that another program locks is busy, and works when the lock is gone", async () => {
  const folder = await Deno.makeTempDir({ prefix: "meshover-lock-" });
  const kept = new Map<string, Assignment>();
  const controller = await RunningController.start(folder);
  const token = await newToken(controller);
  await enrol(controller, { token, index: 0, kept });
  const other = await EmbeddedDriver.open(`${folder}/meshover.db`);
  const lock = await other.begin();
  const late = await enrol(controller, { token, index: 1, kept });
  assert.deepEqual(late, { status: 503, code: "database_busy" });
  await requireAllKept(controller, kept);
  lock.abandon();
  other.close();
  await untilReady(controller, true);
  assert.equal((await enrol(controller, { token, index: 2, kept })).status, 200);
  await requireAllKept(controller, kept);
  await controller.stop();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a damaged database is left alone, and a backup takes its place", async () => {
  const folder = await Deno.makeTempDir({ prefix: "meshover-damage-" });
  const kept = new Map<string, Assignment>();
  const first = await RunningController.start(`${folder}/db`);
  const token = await newToken(first);
  for (let index = 0; index < 20; index++) await enrol(first, { token, index, kept });
  const backup = `${folder}/backup.db`;
  const place = ["--statefile", `${folder}/db`];
  assert.equal((await meshover(["controller", "backup", backup, ...place])).code, 0);
  await first.stop();

  const path = `${folder}/db/meshover.db`;
  const damaged = await Deno.readFile(path);
  // In the middle, so that only who looks finds it; the journal would mend it.
  damaged.fill(0x5a, damaged.length / 2, damaged.length / 2 + 4096);
  await Deno.writeFile(path, damaged);
  await Deno.remove(`${path}-wal`).catch(() => {});
  await assert.rejects(
    RunningController.start(`${folder}/db`),
    /damaged; put it aside and run `meshover controller restore`/,
  );
  assert.deepEqual(await Deno.readFile(path), damaged);

  await Deno.rename(`${folder}/db`, `${folder}/aside`);
  const restored = await meshover(["controller", "restore", backup, ...place]);
  assert.equal(restored.code, 0, restored.err);
  const second = await RunningController.start(`${folder}/db`);
  await requireAllKept(second, kept);
  assert.equal((await enrol(second, { token, index: 50, kept })).status, 200);
  await second.stop();
  await Deno.remove(folder, { recursive: true });
});
