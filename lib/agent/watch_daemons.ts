import type { Exec } from "../host/exec.ts";
import { untilProcessEnds } from "../host/process_end.ts";
import { Wake } from "./wake.ts";

/** Where FRR's daemons of the system keep their numbers. A daemon that is killed leaves its routes and tells nobody. */
const PID_FILES = ["zebra", "bgpd", "bfdd"].map((daemon) => `/run/frr/${daemon}.pid`);

/** Wait before a daemon is looked for again, milliseconds. */
const AGAIN_MS = 5_000;

/** How to watch daemons. */
export interface WatchDaemonsOptions {
  readonly exec: Exec;
  /** Called soon after a daemon ended. */
  readonly onEnd: () => void;
  readonly signal: AbortSignal;
}

/** Watches FRR's daemons until `signal` aborts. @throws {StateError} when they cannot be watched. */
export async function watchDaemons({ exec, onEnd, signal }: WatchDaemonsOptions): Promise<void> {
  await Promise.all(PID_FILES.map(async (pidFile) => {
    while (!signal.aborted) {
      const ended = await untilProcessEnds(exec, { pidFile, signal });
      if (ended && !signal.aborted) onEnd();
      await new Wake().sleep(AGAIN_MS, signal);
    }
  }));
}
