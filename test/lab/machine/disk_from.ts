import { runProgram } from "../run_program.ts";

/**
 * Makes an ext4 disk with the content of `folder`. It has no journal: a disk of the lab is thrown away, never repaired.
 * The file is sparse: what is not used takes no room.
 */
export async function diskFrom(
  folder: string,
  options: { readonly disk: string; readonly label: string; readonly mebibytes: number },
): Promise<void> {
  await runProgram([
    ...["mke2fs", "-q", "-F", "-t", "ext4", "-O", "^has_journal", "-m", "0", "-L", options.label],
    ...[
      "-E",
      "lazy_itable_init=1,root_owner=0:0",
      "-d",
      folder,
      options.disk,
      `${options.mebibytes}M`,
    ],
  ], { deadlineS: 120 });
}
