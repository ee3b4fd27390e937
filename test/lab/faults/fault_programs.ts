import script from "./fault_program.sh" with { type: "text" };
import type { LabHost } from "../lab_host.ts";

/** What the lab can make a program do. */
export type Misbehaviour = "fail" | `slow ${number}`;

/** Programs that the agent runs and that the lab stands before. */
const PROGRAMS = ["ip", "wg", "nft", "sysctl", "wireguard-go", "vtysh"] as const;
/** See {@link PROGRAMS}. */
export type FaultyProgram = typeof PROGRAMS[number];

/** Where they lie: on the host alone, as its mounts are its own. */
const FOLDER = "/run/lab/fault-bin";
const ORDERS = "/run/lab/fault";

/** Programs of one host that can be made to misbehave. The agent finds these first; the product knows nothing of it. */
export class FaultPrograms {
  private constructor(private readonly host: LabHost) {}

  /** Puts them in place; until told otherwise they do what the real ones do. */
  static async install(host: LabHost): Promise<FaultPrograms> {
    await host.shell(
      `mkdir -p ${FOLDER} ${ORDERS}
      cat > ${FOLDER}/program; chmod 755 ${FOLDER}/program
      for name in ${PROGRAMS.join(" ")}; do cp ${FOLDER}/program ${FOLDER}/$name; done
      mount --bind ${FOLDER} /usr/local/sbin`,
      { stdin: script },
    );
    return new FaultPrograms(host);
  }

  /** Makes a program misbehave. */
  async set(program: FaultyProgram, how: Misbehaviour): Promise<void> {
    await this.host.shell(`echo ${how} > ${ORDERS}/${program}`);
  }

  /** Takes a program away altogether, until {@link heal}. */
  async take(program: FaultyProgram): Promise<void> {
    await this.host.shell(`
      mkdir -p /run/lab/all /run/lab/some /run/lab/none
      mount --bind /usr/bin /run/lab/all; mount --bind /usr/sbin /run/lab/none
      ln -sf /run/lab/all/* /run/lab/some; rm -f /run/lab/some/${program}
      mkdir -p /run/lab/some-sbin; ln -sf /run/lab/none/* /run/lab/some-sbin
      rm -f /run/lab/some-sbin/${program} ${FOLDER}/${program}
      touch ${ORDERS}/taken
      mount --bind /run/lab/some /usr/bin; mount --bind /run/lab/some-sbin /usr/sbin`);
  }

  /** Makes every program behave again. */
  async heal(): Promise<void> {
    await this.host.shell(`
      if [ -e ${ORDERS}/taken ]; then umount -l /usr/bin /usr/sbin /run/lab/all /run/lab/none; fi
      rm -rf ${ORDERS}/* /run/lab/some /run/lab/some-sbin
      for name in ${PROGRAMS.join(" ")}; do cp ${FOLDER}/program ${FOLDER}/$name; done`);
  }

  /** Kills the agent right after the step of this number, counted from now; 0 only counts. */
  async killAt(step: number): Promise<void> {
    await this.host.shell(`rm -f ${ORDERS}/steps; echo ${step} > ${ORDERS}/kill-at`);
  }

  /** The steps made since {@link killAt}. */
  async steps(): Promise<readonly string[]> {
    const text = await this.host.shell(`cat ${ORDERS}/steps 2>/dev/null || true`);
    return text.split("\n").filter((line) => line !== "");
  }
}
