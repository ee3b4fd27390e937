import { runProgram } from "../../test/lab/run_program.ts";
import { shellQuote } from "../../test/lab/machine/shell_quote.ts";

/** How to pack a folder. */
export interface PackOptions {
  /** Path of the file to write. */
  readonly to: string;
  /** Names in the folder to pack, in this order. */
  readonly names: readonly string[];
  /** Leave the end of the archive away, because another part follows. */
  readonly openEnd: boolean;
}

/**
 * Packs a folder as tar in one zstd frame. Frames can be put one behind the other, so that the large part that never changes
 * is packed once. The same content gives the same bytes.
 */
export async function packed(folder: string, options: PackOptions): Promise<void> {
  const tar = [
    ...["tar", "--create", "--blocking-factor=1", "--format=ustar", "--sort=name", "--mtime=@0"],
    ...[
      "--owner=0",
      "--group=0",
      "--numeric-owner",
      "--mode=u=rwX,go=rX",
      "-C",
      folder,
      ...options.names,
    ],
  ].map(shellQuote).join(" ");
  // With one block a record the end is exactly two blocks of zeros.
  const end = options.openEnd ? "head -c -1024" : "cat";
  const zstd = `zstd -19 --threads=0 --check --quiet --force -o ${shellQuote(options.to)}`;
  await runProgram(["sh", "-c", `${tar} | ${end} | ${zstd}`], { deadlineS: 400 });
}
