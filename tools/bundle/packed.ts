import { runProgram } from "../../test/lab/run_program.ts";
import { shellQuote } from "../../test/lab/machine/shell_quote.ts";

/** How to pack a folder. */
export interface PackOptions {
  /** Path of the file to write. */
  readonly to: string;
  /** Names in the folder to pack, in this order. */
  readonly names: readonly string[];
}

/** Packs a folder as tar and zstd. The same content gives the same bytes. */
export async function packed(folder: string, options: PackOptions): Promise<void> {
  const tar = [
    ...["tar", "--create", "--format=ustar", "--sort=name", "--mtime=@0"],
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
  const zstd = `zstd -19 --threads=0 --check --quiet --force -o ${shellQuote(options.to)}`;
  await runProgram(["sh", "-c", `${tar} | ${zstd}`], { deadlineS: 400 });
}
