import { zstdDecompressSync } from "node:zlib";
import { StateError } from "../../../lib/model/errors.ts";
import { runProgram } from "../run_program.ts";
import { contentKey } from "./content_key.ts";
import type { ImageRecipe } from "./image_recipe.ts";
import { debianMirror } from "./debian_mirror.ts";
import { diskFrom } from "./disk_from.ts";
import { madeOnce } from "./made_once.ts";
import { tethered } from "./tethered.ts";

/** What a machine starts from. */
export interface RootImage {
  readonly kernel: string;
  readonly disk: string;
}

/** Seconds that Debian's installation may take. */
const DEADLINE_S = 480;

/** Makes the image that `recipe` describes, or finds it made. @throws {StateError} when it cannot be made. */
export async function rootImage(
  recipe: ImageRecipe,
  options: { readonly flavours: readonly string[]; readonly say: (line: string) => void },
): Promise<RootImage> {
  const kind = ["image", recipe.release, ...options.flavours.toSorted()].join("-");
  const folder = await madeOnce({
    kind,
    key: await contentKey(recipe),
    make: async (unfinished) => {
      if (Deno.uid() !== 0) throw new StateError("Cannot make the lab's image: needs root");
      const started = performance.now();
      options.say(
        `making the lab's image, once: Debian ${recipe.release}, ${recipe.packages.length} packages`,
      );
      await install(recipe, `${unfinished}/root`);
      await Deno.writeFile(`${unfinished}/kernel`, await kernelOf(`${unfinished}/root/boot`));
      await diskFrom(`${unfinished}/root`, {
        disk: `${unfinished}/root.img`,
        label: "root",
        mebibytes: 6144,
      });
      await Deno.remove(`${unfinished}/root`, { recursive: true });
      options.say(`image made in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    },
  });
  return { kernel: `${folder}/kernel`, disk: `${folder}/root.img` };
}

async function install(recipe: ImageRecipe, root: string): Promise<void> {
  const skipped = ["doc", "man", "locale", "info"].map((d) =>
    `--dpkgopt=path-exclude=/usr/share/${d}/*`
  );
  await runProgram(
    tethered([
      ...["mmdebstrap", "--quiet", "--variant=minbase", "--format=directory"],
      ...['--aptopt=Acquire::Languages "none"', "--dpkgopt=force-unsafe-io", ...skipped],
      ...[`--include=${recipe.packages.join(",")}`],
      // A hook is shell text with the root file system as `$1`.
      ...[`--essential-hook=${recipe.early}`, `--customize-hook=${recipe.late}`],
      ...[recipe.release, root, await debianMirror()],
    ], { deadlineS: DEADLINE_S }),
    { deadlineS: DEADLINE_S + 10 },
  );
}

/**
 * The kernel in `boot`, unpacked where it is packed with zstd: unpacking takes the emulated processor three seconds.
 * Offsets are those of the Linux x86 boot protocol, version 2.08 (Documentation/arch/x86/boot.rst).
 */
async function kernelOf(boot: string): Promise<Uint8Array> {
  const name = (await Array.fromAsync(Deno.readDir(boot))).find((e) =>
    e.name.startsWith("vmlinuz-")
  )?.name;
  if (name === undefined) throw new StateError(`Cannot make the lab's image: no kernel in ${boot}`);
  const packed = await Deno.readFile(`${boot}/${name}`);
  const view = new DataView(packed.buffer);
  const start = (view.getUint8(0x1f1) + 1) * 512 + view.getUint32(0x248, true);
  const isZstd = view.getUint32(start, true) === 0xfd2fb528;
  // The last four bytes of the payload are the unpacked size, not part of the compressed stream.
  const end = start + view.getUint32(0x24c, true) - 4;
  return isZstd ? zstdDecompressSync(packed.subarray(start, end)) : packed;
}
