import type { Exec } from "../host/exec.ts";
import { untilProcessEnds } from "../host/process_end.ts";
import { Wake } from "./wake.ts";

/** Where FRR's daemons of the system keep their numbers. A daemon that is killed leaves its routes and tells nobody. */
const pidFileOf = (daemon: string): string => `/run/frr/${daemon}.pid`;

/** Wait before a daemon is looked for again, milliseconds; FRR before version 9 has no mgmtd at all. */
const AGAIN_MS = { zebra: 5_000, bgpd: 5_000, bfdd: 5_000, mgmtd: 60_000 } as const;

/** Wait before a daemon that has just ended is looked for, milliseconds. */
const AFTER_END_MS = 5_000;

/** How to watch daemons. */
export interface WatchDaemonsOptions {
  readonly exec: Exec;
  /** Called soon after a daemon ended. */
  readonly onEnd: () => void;
  readonly signal: AbortSignal;
}

/** Watches FRR's daemons until `signal` aborts. @throws {StateError} when they cannot be watched. */
export async function watchDaemons({ exec, onEnd, signal }: WatchDaemonsOptions): Promise<void> {
  await Promise.all(
    Object.entries(AGAIN_MS).map(async ([daemon, againMs]) => {
      while (!signal.aborted) {
        const ended = await untilProcessEnds(exec, { pidFile: pidFileOf(daemon), signal });
        if (ended && !signal.aborted) onEnd();
        await new Wake().sleep(ended ? AFTER_END_MS : againMs, signal);
      }
    }),
  );
}
