import type { Exec } from "../host/exec.ts";
import { monitorIp } from "../host/ip_monitor.ts";
import { messageOf } from "../model/errors.ts";
import type { ChangeLog } from "./log.ts";
import { Wake } from "./wake.ts";

/** Changes on the host that come this close together are looked at once, milliseconds. */
const COALESCE_MS = 100;
/** Wait before watching again after it failed, milliseconds. */
const AGAIN_MS = 1_000;

/** How to watch. */
export interface WatchHostOptions {
  readonly exec: Exec;
  /** Called soon after somebody changed something on the host. */
  readonly onChange: () => void;
  readonly changes: ChangeLog;
  readonly signal: AbortSignal;
}

/** Watches the host until `signal` aborts; never throws. */
export async function watchHost(
  { exec, onChange, changes, signal }: WatchHostOptions,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      onChange();
    }, COALESCE_MS);
  };
  while (!signal.aborted) {
    try {
      await monitorIp(exec, { onChange: soon, signal });
    } catch (error) {
      changes.say("monitor", "warning", `cannot watch the host: ${messageOf(error)}`);
    }
    await new Wake().sleep(AGAIN_MS, signal);
  }
  clearTimeout(timer);
}
