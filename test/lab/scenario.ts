import type { Lab } from "./lab.ts";

/** Where a scenario can run: on the machine itself, or in the lab's virtual machine. */
export type Place = "bare" | "machine";

/** All places. */
export const PLACES: readonly Place[] = ["bare", "machine"];

/** One story about meshover on real parts, with an end that is checked. */
export interface Scenario {
  /** A sentence of what holds, in the words of a user. */
  readonly name: string;
  readonly places: readonly Place[];
  /** Seconds it may take on a machine that is not busy; when left out, what most scenarios have. */
  readonly deadlineS?: number;
  /** Plays it; throws when something is not as it should be, and {@link Skip} when it cannot be played here. */
  readonly play: (lab: Lab) => Promise<void>;
}

/** Thrown by a scenario that cannot be played here; the message is the reason. */
export class Skip extends Error {
  override readonly name = "Skip";
}
