import { messageOf } from "../lib/model/errors.ts";
import { contentKey } from "../test/lab/machine/content_key.ts";
import { madeOnce } from "../test/lab/machine/made_once.ts";
import { PROJECT_ROOT } from "../test/lab/machine/project_root.ts";
import { arArchive, type ArMember, joinBytes, offsetOf } from "./bundle/ar_archive.ts";
import { packed } from "./bundle/packed.ts";
import { appFiles, runtimeFiles } from "./bundle/program_files.ts";
import { stubScript } from "./bundle/stub_text.ts";
import { ensurePackages } from "./setup.ts";

/** Where the bundle is made. */
export const BUNDLE = `${PROJECT_ROOT}/dist/meshover`;

/** The packed runtime: a minute's work, so it is kept until Deno or the addon is another. */
async function packedRuntime(say: (line: string) => void): Promise<Uint8Array<ArrayBuffer>> {
  const { size } = await Deno.stat(Deno.execPath());
  const lock = JSON.parse(await Deno.readTextFile(`${PROJECT_ROOT}/deno.lock`));
  const addons = Object.keys(lock.npm).filter((name) => name.startsWith("@libsql/linux-"));
  const folder = await madeOnce({
    kind: "runtime",
    key: await contentKey([3, Deno.version.deno, Deno.build.target, size, addons]),
    make: async (unfinished) => {
      say("packing Deno and the database addon, once: about a minute");
      await runtimeFiles(`${unfinished}/tree`);
      const names = ["deno", "node_modules"];
      await packed(`${unfinished}/tree`, {
        to: `${unfinished}/runtime.tar.zst`,
        names,
      });
      await Deno.remove(`${unfinished}/tree`, { recursive: true });
    },
  });
  return await Deno.readFile(`${folder}/runtime.tar.zst`);
}

/** The packed program, closed by a file that tells that all others are there. */
async function packedApp(): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await Deno.makeTempDir({ prefix: "meshover-bundle-" });
  try {
    await appFiles(folder);
    await Deno.writeTextFile(`${folder}/complete`, "");
    const to = `${folder}/app.tar.zst`;
    await packed(folder, { to, names: ["app", "complete"] });
    return await Deno.readFile(to);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Puts the script in front of the packed files. Each part is also a Debian archive: `dpkg-deb` can unpack it without zstd. */
export async function bundleOf(
  version: string,
  parts: readonly Uint8Array<ArrayBuffer>[],
): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const archives = parts.map((data) => {
    const members: ArMember[] = [
      { name: "debian-binary", content: encoder.encode("2.0\n") },
      // An empty tar: nothing is to be installed.
      { name: "control.tar", content: new Uint8Array(1024) },
      { name: "data.tar.zst", content: data },
    ];
    return { archive: arArchive(members), dataAt: offsetOf(members, 2), dataBytes: data.length };
  });
  const digest = await crypto.subtle.digest("SHA-256", joinBytes(parts));
  const script = stubScript({
    version,
    key: `${version}-${new Uint8Array(digest).toHex().slice(0, 16)}`,
    parts: archives.map(({ archive, ...rest }) => ({ bytes: archive.length, ...rest })),
  });
  return joinBytes([encoder.encode(script), ...archives.map(({ archive }) => archive)]);
}

/** Makes {@link BUNDLE} and returns its path. It appears complete or not at all. */
export async function makeBundle(say: (line: string) => void): Promise<string> {
  await ensurePackages(["zstd"], say);
  const runtime = await packedRuntime(say);
  const { version } = JSON.parse(await Deno.readTextFile(`${PROJECT_ROOT}/deno.json`));
  const bundle = await bundleOf(version, [runtime, await packedApp()]);
  await Deno.mkdir(`${PROJECT_ROOT}/dist`, { recursive: true });
  await Deno.writeFile(`${BUNDLE}.new`, bundle, { mode: 0o755 });
  await Deno.rename(`${BUNDLE}.new`, BUNDLE);
  say(`dist/meshover: ${(bundle.length / 2 ** 20).toFixed(1)} MiB`);
  return BUNDLE;
}

if (import.meta.main) {
  try {
    await makeBundle((line) => console.error(`bundle: ${line}`));
  } catch (error) {
    console.error(`bundle: ${messageOf(error)}`);
    Deno.exit(1);
  }
}
