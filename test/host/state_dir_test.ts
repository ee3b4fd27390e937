import assert from "node:assert/strict";
import { StateDir } from "../../lib/host/state_dir.ts";
import { StateError } from "../../lib/model/errors.ts";

async function withDir(play: (dir: StateDir) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir();
  try {
    await play(new StateDir(`${path}/state`));
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

Deno.test("StateDir keeps files for root alone, and tells that one does not exist", async () => {
  await withDir(async (dir) => {
    await dir.prepare();
    assert.equal(await dir.read("a.json"), undefined);
    await dir.write("a.json", "text");
    assert.equal(await dir.read("a.json"), "text");
    assert.equal((await Deno.stat(`${dir.path}/a.json`)).mode! & 0o777, 0o600);
    assert.equal((await Deno.stat(dir.path)).mode! & 0o777, 0o700);
    await dir.remove("a.json");
    await dir.remove("a.json");
    assert.equal(await dir.read("a.json"), undefined);
  });
});

Deno.test("StateDir.write() called many times at once leaves the last text, whole", async () => {
  await withDir(async (dir) => {
    await dir.prepare();
    const texts = Array.from({ length: 50 }, (_, i) => `${i}:`.padEnd(20_000 - i * 300, "x"));
    await Promise.all(texts.map((text) => dir.write("a.json", text)));
    assert.equal(await dir.read("a.json"), texts.at(-1));
    const left = [...Deno.readDirSync(dir.path)].map((entry) => entry.name);
    assert.deepEqual(left, ["a.json"]);
  });
});

Deno.test("StateDir.write() that fails says so, keeps the old text, and does not stop the next", async () => {
  await withDir(async (dir) => {
    await dir.prepare();
    await dir.write("a.json", "old");
    await Deno.mkdir(`${dir.path}/a.json.new`);
    await assert.rejects(dir.write("a.json", "new"), StateError);
    assert.equal(await dir.read("a.json"), "old");
    await Deno.remove(`${dir.path}/a.json.new`);
    await dir.write("a.json", "new");
    assert.equal(await dir.read("a.json"), "new");
  });
});

Deno.test("StateDir.lock() is held by one at a time", async () => {
  await withDir(async (dir) => {
    await dir.prepare();
    const lock = await dir.lock();
    await assert.rejects(dir.lock(), /Another meshover works with/);
    lock.release();
    (await dir.lock()).release();
  });
});
