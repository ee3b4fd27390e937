/** The parts of a machine. All paths are files of the host. */
export interface QemuParts {
  /** The words that start QEMU. */
  readonly emulator: readonly string[];
  readonly kernel: string;
  /** Disk of the root file system; like the others it is not written to. */
  readonly rootDisk: string;
  /** Further disks; the machine knows them by the labels of their file systems. */
  readonly disks: readonly string[];
  /** Gets what the kernel says. */
  readonly consoleLog: string;
  /** Gets one line, `exit CODE`. */
  readonly control: string;
  /** Gets an archive of the results, if wanted. */
  readonly results?: string;
  readonly memoryMiB: number;
  /** The machine's terminal is this process's: for a person at a keyboard. */
  readonly interactive: boolean;
  readonly systemd: boolean;
  /** The machine's clock counts instructions, 500 million a second, and jumps where nothing is to be done: see {@link clock}. */
  readonly steady: boolean;
}

/**
 * The emulator and its arguments. The processor is emulated everywhere (`/dev/kvm` may be there and still hang guests) and
 * has no AVX, which emulates slowly; without `-cx16` this emulator's cmpxchg16b panics kernel 6.12. With rdrand there is randomness from
 * the start: whoever asks for some would otherwise wait for half a minute.
 */
export function qemuCommand(parts: QemuParts): string[] {
  return [
    ...parts.emulator,
    ...clock(parts),
    ...[
      "-cpu",
      "Nehalem,-cx16,+rdrand",
      "-smp",
      "2",
      "-m",
      String(parts.memoryMiB),
    ],
    ...["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-nic", "none"],
    ...["-kernel", parts.kernel, "-append", kernelArguments(parts)],
    ...["-serial", `file:${parts.consoleLog}`],
    // The kernel has NVMe built in, so it needs no initial ramdisk; several of them would get their names at random.
    ...["-drive", drive(parts.rootDisk, "root"), "-device", "nvme,drive=root,serial=root"],
    ...parts.disks.flatMap((disk, index) => [
      ...["-drive", drive(disk, `disk${index}`), "-device", `virtio-blk-pci,drive=disk${index}`],
    ]),
    ...["-device", "virtio-serial", ...(parts.interactive ? TERMINAL : OUTPUT)],
    ...["-chardev", `file,id=control,path=${parts.control}`, ...port(2, "control")],
    ...(parts.results === undefined
      ? []
      : ["-chardev", `file,id=results,path=${parts.results}`, ...port(3, "results")]),
  ];
}

/**
 * By the host's clock, with a thread for each processor; or by the count of instructions, which only one thread allows: then
 * it is not seen in the machine how much of the host's time it gets, so ratios are those of the work (QEMU, "icount").
 */
function clock({ steady }: QemuParts): string[] {
  return steady
    ? ["-accel", "tcg,thread=single", "-icount", "shift=1,sleep=off"]
    : ["-accel", "tcg,thread=multi"];
}

/** A terminal of the machine that is this process's. */
const TERMINAL = [
  "-chardev",
  "stdio,id=output,signal=off",
  "-device",
  "virtconsole,chardev=output",
];

/** Bytes out of the machine to standard output (`stdio` would take the end of standard input for a hang-up). */
const OUTPUT = ["-chardev", "file,id=output,path=/dev/stdout", ...port(1, "output")];

function kernelArguments(parts: QemuParts): string {
  const first = parts.systemd ? "systemd.unit=lab.target systemd.getty_auto=no" : "init=/lab/start";
  return `console=ttyS0 quiet root=/dev/nvme0n1 rootwait rw panic=-1 mitigations=off random.trust_cpu=on cryptomgr.notests devtmpfs.mount=1 ${first}`;
}

function drive(file: string, id: string): string {
  return `id=${id},file=${file},if=none,format=raw,cache=unsafe,snapshot=on`;
}

function port(number: number, name: string): string[] {
  return ["-device", `virtserialport,chardev=${name},name=${name},nr=${number}`];
}
