import { runProgram } from "../run_program.ts";
import { contentKey } from "./content_key.ts";
import { debianMirror } from "./debian_mirror.ts";
import { madeOnce } from "./made_once.ts";
import { tethered } from "./tethered.ts";

/**
 * Debian's release whose QEMU is taken, whatever release this machine runs: QEMU 10 starts a program in the machine four times as
 * fast as bookworm's QEMU 7.2 (10 ms in place of 45, `vtysh` 0.2 s in place of 0.45).
 */
const RELEASE = "trixie";

/** Seconds that downloading may take. */
const DEADLINE_S = 300;

/**
 * The words that start the emulator, made now if it is not there: QEMU with all its libraries unpacked in a folder of its own,
 * started by its own loader (ld.so(8)), so that nothing of this machine is changed by it.
 * @throws {ProgramError} when its packages cannot be had.
 */
export async function emulator(
  options: { readonly say: (line: string) => void },
): Promise<string[]> {
  const folder = await madeOnce({
    kind: "emulator",
    key: await contentKey([1, RELEASE]),
    make: async (unfinished) => {
      options.say(`fetching the emulator, QEMU of Debian ${RELEASE}, once`);
      await runProgram(
        tethered([
          ...["mmdebstrap", "--quiet", "--variant=extract", "--format=directory"],
          ...['--aptopt=Acquire::Languages "none"', "--include=qemu-system-x86"],
          ...[RELEASE, `${unfinished}/root`, await debianMirror()],
        ], { deadlineS: DEADLINE_S }),
        { deadlineS: DEADLINE_S + 10 },
      );
    },
  });
  return emulatorIn(`${folder}/root`);
}

/** The words that start QEMU out of a tree of Debian's packages. */
export function emulatorIn(root: string): string[] {
  const libraries = `${root}/usr/lib/x86_64-linux-gnu`;
  return [
    `${libraries}/ld-linux-x86-64.so.2`,
    ...["--library-path", libraries, `${root}/usr/bin/qemu-system-x86_64`],
    ...["qemu", "seabios"].flatMap((firmware) => ["-L", `${root}/usr/share/${firmware}`]),
  ];
}
