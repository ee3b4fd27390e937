import type { NodeStatus } from "../model/node_status.ts";
import { describeChange } from "../plan/change.ts";
import type { Applied } from "./apply.ts";
import type { Plan } from "./node.ts";

/** One turn of the loop, as it is told. */
export interface Turn {
  readonly plan: Plan;
  readonly applied: Applied;
  /** From the first look at the host to the last change, milliseconds. */
  readonly tookMs: number;
  readonly frrError: Error | undefined;
  /** Programs that were run. */
  readonly programs: number;
}

/** What the status says of a turn of the loop that ends now. */
export function reconcileStatus(turn: Turn): NodeStatus["reconcile"] {
  const { applied, tookMs, frrError, programs } = turn;
  const failed = applied.failed.map((f) => ({
    change: describeChange(f.change),
    error: f.error,
  }));
  const frr = frrError === undefined ? [] : [{ change: "start FRR", error: frrError.message }];
  return {
    at: new Date().toISOString(),
    tookMs: Math.round(tookMs),
    done: applied.done.length,
    programs,
    writes: applied.writes,
    failed: [...frr, ...failed],
  };
}
