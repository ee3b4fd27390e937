import assert from "node:assert/strict";
import { bundleOf } from "../../../tools/bundle.ts";
import { packed } from "../../../tools/bundle/packed.ts";
import { runProgram, tryProgram } from "../../lab/run_program.ts";

/** In place of Deno: says how it was called. */
const FAKE_DENO = `#!/bin/sh
echo "DENO_DIR=$DENO_DIR"
for word in "$@"; do echo "<$word>"; done
exit 7
`;

/** A bundle with a small program in it, in a folder of its own. */
async function withBundle(
  act: (at: { folder: string; bundle: string }) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "meshover-test-" });
  try {
    await Deno.mkdir(`${folder}/tree/app`, { recursive: true });
    await Deno.writeTextFile(`${folder}/tree/deno`, FAKE_DENO, { mode: 0o755 });
    await Deno.writeTextFile(`${folder}/tree/complete`, "");
    await packed(`${folder}/tree`, { to: `${folder}/1.zst`, names: ["deno"] });
    await packed(`${folder}/tree`, { to: `${folder}/2.zst`, names: ["app", "complete"] });
    const parts = [await Deno.readFile(`${folder}/1.zst`), await Deno.readFile(`${folder}/2.zst`)];
    await Deno.writeFile(`${folder}/meshover`, await bundleOf("1.2.3", parts), { mode: 0o755 });
    await act({ folder, bundle: `${folder}/meshover` });
  } finally {
    await runProgram(["rm", "-rf", folder]);
  }
}

Deno.test("the bundle unpacks itself, hands arguments on unchanged and returns the exit code", async () => {
  await withBundle(async ({ folder, bundle }) => {
    const env = { MESHOVER_CACHE: `${folder}/a cache` };
    const { code, stdout } = await tryProgram([bundle, "token", "gen", "two words", "*", ""], {
      env,
    });
    assert.equal(code, 7);
    assert.match(stdout, /<[^>]*\/app\/main\.js>\n<token>\n<gen>\n<two words>\n<\*>\n<>\n$/);
    assert.match(stdout, new RegExp(`^DENO_DIR=${folder}/a cache/1\\.2\\.3-[0-9a-f]{16}/cache\n`));
  });
});

Deno.test("the bundle unpacks itself with dpkg-deb where there is no zstd", async () => {
  await withBundle(async ({ folder, bundle }) => {
    await Deno.mkdir(`${folder}/bin`);
    const needed = [
      "sh",
      "dpkg-deb",
      "tar",
      "tail",
      "head",
      "mkdir",
      "mktemp",
      "mv",
      "rm",
      "chmod",
      "find",
      "id",
    ];
    for (const name of needed) {
      const path = (await runProgram(["sh", "-c", `command -v ${name}`])).trim();
      await Deno.symlink(path, `${folder}/bin/${name}`);
    }
    const env = { MESHOVER_CACHE: `${folder}/cache` };
    const { code, stderr } = await tryProgram([
      "/usr/bin/env",
      `PATH=${folder}/bin`,
      bundle,
      "version",
    ], { env });
    assert.equal(code, 7, stderr);
    await Deno.remove(`${folder}/bin/dpkg-deb`);
    await Deno.remove(`${folder}/cache`, { recursive: true });
    const without = await tryProgram(["/usr/bin/env", `PATH=${folder}/bin`, bundle, "version"], {
      env,
    });
    assert.equal(without.code, 1);
    assert.match(without.stderr, /cannot unpack myself: install the program zstd/);
    assert.deepEqual(await names(`${folder}/cache`), []);
  });
});

Deno.test("the bundle unpacks itself once when many are started at the same time", async () => {
  await withBundle(async ({ folder, bundle }) => {
    const env = { MESHOVER_CACHE: `${folder}/cache` };
    const all = await Promise.all(Array.from({ length: 8 }, () => tryProgram([bundle], { env })));
    assert.deepEqual(all.map(({ code, stderr }) => `${code}${stderr}`), Array(8).fill("7"));
    assert.equal((await names(`${folder}/cache`)).length, 1);
  });
});

Deno.test("the bundle refuses a cache that others can write to", async () => {
  await withBundle(async ({ folder, bundle }) => {
    const env = { MESHOVER_CACHE: `${folder}/cache` };
    assert.equal((await tryProgram([bundle], { env })).code, 7);
    await Deno.chmod(`${folder}/cache`, 0o777);
    const { code, stderr } = await tryProgram([bundle], { env });
    assert.equal(code, 1);
    assert.equal(
      stderr,
      `meshover: ${folder}/cache can be changed by others: remove it, or set MESHOVER_CACHE\n`,
    );
  });
});

Deno.test("a damaged bundle says so and leaves nothing behind", async () => {
  await withBundle(async ({ folder, bundle }) => {
    const bytes = await Deno.readFile(bundle);
    await Deno.writeFile(bundle, bytes.subarray(0, bytes.length - 60));
    const { code, stderr } = await tryProgram([bundle], {
      env: { MESHOVER_CACHE: `${folder}/cache` },
    });
    assert.equal(code, 1);
    assert.match(stderr, /is the disk full, or this file damaged\?\n$/);
    assert.deepEqual(await names(`${folder}/cache`), []);
  });
});

async function names(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name);
}

Deno.test("the bundle removes versions unpacked long ago, but none that runs and nothing else", async () => {
  await withBundle(async ({ folder, bundle }) => {
    const cache = `${folder}/cache`;
    const version = async (name: string, options: { old: boolean; mark?: string }) => {
      await Deno.mkdir(`${cache}/${name}`, { recursive: true });
      await Deno.copyFile("/bin/sleep", `${cache}/${name}/deno`);
      await Deno.writeTextFile(`${cache}/${name}/${options.mark ?? "complete"}`, "");
      const before = new Date(Date.now() - 30 * 24 * 3600 * 1000);
      if (options.old) await Deno.utime(`${cache}/${name}`, before, before);
    };
    await version("1.0.0-0000000000000000", { old: true });
    await version("1.0.1-0000000000000000", { old: true });
    await version("1.0.2-0000000000000000", { old: false });
    await version("somebody's", { old: true });
    await version("1.0.3-0000000000000000", { old: true, mark: "another" });
    const args = ["100"];
    const running = new Deno.Command(`${cache}/1.0.1-0000000000000000/deno`, { args }).spawn();
    try {
      await tryProgram([bundle, "version"], { env: { MESHOVER_CACHE: cache } });
    } finally {
      running.kill();
      await running.status;
    }
    const left = (await Array.fromAsync(Deno.readDir(cache))).map(({ name }) => name).toSorted();
    assert.deepEqual(left.filter((name) => !name.startsWith("1.2.3-")), [
      "1.0.1-0000000000000000",
      "1.0.2-0000000000000000",
      "1.0.3-0000000000000000",
      "somebody's",
    ]);
  });
});
