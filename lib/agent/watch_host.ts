import type { Exec } from "../host/exec.ts";
import { monitorIp } from "../host/ip_monitor.ts";
import { monitorNft } from "../host/nft_monitor.ts";
import { messageOf } from "../model/errors.ts";
import type { ChangeLog } from "./log.ts";
import { Wake } from "./wake.ts";
import { watchDaemons } from "./watch_daemons.ts";
import { watchWg } from "./watch_wg.ts";

/** Changes on the host that come this close together are looked at once, milliseconds. */
const COALESCE_MS = 100;
/** A session that goes changes many routes; they are told of once, milliseconds. */
const ROUTES_MS = 250;
/** Wait before watching again after it failed, milliseconds; twice as long each time that it fails at once. */
const AGAIN_MS = 1_000;
const LONGEST_AGAIN_MS = 60_000;
/** What ended sooner than this after it began failed at once, milliseconds. */
const SOON_MS = 5_000;

/** How to watch. */
export interface WatchHostOptions {
  readonly exec: Exec;
  /** Whether FRR's daemons of the system are this agent's business. */
  readonly daemons: boolean;
  /** Called soon after somebody changed something on the host. */
  readonly onChange: () => void;
  /** Called soon after FRR changed a route that it learnt. */
  readonly onRoute: () => void;
  readonly changes: ChangeLog;
  readonly signal: AbortSignal;
  /** Waits, or until the signal aborts; a test's own clock. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

async function sleepAwake(ms: number, signal: AbortSignal): Promise<void> {
  await new Wake().sleep(ms, signal);
}

/** Watches the host until `signal` aborts; never throws. */
export async function watchHost(
  { exec, daemons, onChange, onRoute, changes, signal, sleep = sleepAwake }: WatchHostOptions,
): Promise<void> {
  const change = new Soon(onChange, COALESCE_MS);
  const route = new Soon(onRoute, ROUTES_MS);
  const keep = async (what: string, monitor: () => Promise<void>) => {
    let againMs = AGAIN_MS;
    for (let begun = 0; !signal.aborted; begun++) {
      // What happened between two monitors nobody has told of.
      if (begun > 0) change.ring();
      const began = performance.now();
      try {
        await monitor();
      } catch (error) {
        changes.say(`watch ${what}`, "warning", `cannot watch ${what}: ${messageOf(error)}`);
      }
      // Looking at everything each time that a program refuses to start would keep the machine busy.
      const soon = performance.now() - began < SOON_MS;
      againMs = soon ? Math.min(2 * againMs, LONGEST_AGAIN_MS) : AGAIN_MS;
      await sleep(againMs, signal);
    }
  };
  const [onAny, onLearnt] = [() => change.ring(), () => route.ring()];
  const own = { exec, onChange: onAny, signal };
  await Promise.all([
    keep("the network", () => monitorIp(exec, { onChange: onAny, onRoute: onLearnt, signal })),
    keep("the packet filter", () => monitorNft(exec, { onChange: onAny, signal })),
    keep("WireGuard", () => watchWg(own)),
    ...(daemons ? [keep("FRR's daemons", () => watchDaemons({ ...own, onEnd: onAny }))] : []),
  ]);
  change.cancel();
  route.cancel();
}

/** Calls something once a while after it was rung for, however often that was. */
class Soon {
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly call: () => void, private readonly afterMs: number) {}

  ring(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.call();
    }, this.afterMs);
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}
