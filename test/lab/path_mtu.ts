import type { LabHost } from "./lab_host.ts";
import { patient } from "./patience.ts";

/** A path as `tracepath` sees it. */
export interface Path {
  /** What it printed. */
  readonly text: string;
  /** Largest packet that passes, bytes; `undefined` when the target was not reached. */
  readonly mtu: number | undefined;
}

/** Finds the path MTU from a host to an address. */
export async function pathMtu(from: LabHost, address: string): Promise<Path> {
  const argv = ["tracepath", "-n", "-m", "5", address];
  const { stdout } = await from.tryExec(argv, { deadlineS: patient(20) });
  const mtu = /Resume: pmtu (\d+)/.exec(stdout)?.[1];
  const reached = stdout.includes(" reached");
  return { text: stdout, mtu: reached && mtu !== undefined ? Number(mtu) : undefined };
}
