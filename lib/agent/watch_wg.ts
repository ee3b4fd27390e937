import type { Exec } from "../host/exec.ts";
import { wgPeerList } from "../host/wg.ts";
import { Wake } from "./wake.ts";

/** Milliseconds between two looks. */
const EVERY_MS = 3_000;

/** How to watch WireGuard. */
export interface WatchWgOptions {
  readonly exec: Exec;
  /** Called when the device's peers or their addresses are others than a moment ago. */
  readonly onChange: () => void;
  readonly signal: AbortSignal;
  /** Milliseconds between two looks; 3,000 unless told. */
  readonly everyMs?: number;
}

/**
 * Watches the peers of the WireGuard device until `signal` aborts. WireGuard tells nobody of a peer that somebody takes away
 * (its netlink family has no notifications), so it is asked, with the smallest question there is.
 * @throws {StateError} when it cannot be asked.
 */
export async function watchWg(options: WatchWgOptions): Promise<void> {
  const { exec, onChange, signal, everyMs = EVERY_MS } = options;
  let last: string | undefined;
  while (!signal.aborted) {
    const now = await wgPeerList(exec);
    if (last !== undefined && now !== undefined && now !== last) onChange();
    last = now ?? last;
    await new Wake().sleep(everyMs, signal);
  }
}
