import type { Loss } from "./pair_traffic.ts";
import type { Stage } from "./stage.ts";

/** Something that goes wrong on one node of a working mesh. */
export interface Fault {
  readonly name: string;
  /** Whether packets of the faulty node itself may be lost: only where the fault takes away what carries them. */
  readonly mayLose: boolean;
  /** Makes it happen, and lasts as long as it does. */
  readonly make: (stage: Stage) => Promise<void>;
  /** Ends it; the time to converge counts from here. */
  readonly end: (stage: Stage) => Promise<void>;
  /** Something that must have been said, in the agent's log or by `status`. */
  readonly says?: RegExp;
  /** Undoes what would be in the way of the next fault. */
  readonly tidy?: (stage: Stage) => Promise<void>;
}

/** What a fault led to: one row of the table. */
export interface Outcome {
  readonly fault: string;
  /** Packets of pairs with the faulty node. */
  readonly own: Loss;
  /** Packets of the other pairs. */
  readonly others: Loss;
  /** Seconds from the end of the fault; undefined when it never converged. */
  readonly convergeS: number | undefined;
  readonly said: readonly string[];
  /** What was not as it should be; empty when all was. */
  readonly wrong: readonly string[];
}
