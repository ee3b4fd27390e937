import type { FrrBackend } from "./frr_backend.ts";
import { LOCKED, type Refusal } from "./frr_session.ts";

/** A lock that is held for longer is stuck, milliseconds: a session that loads a large file has one for as long as it takes. */
const STUCK_MS = 60_000;

/** What mgmtd says when a daemon left it in the middle of a change. */
const LEFT = /Backend daemon disconnected/;

/** What becomes of a line that a stuck mgmtd refused. */
export interface Stuck {
  readonly words: string;
  /** Whether trying again can help now. */
  readonly again: boolean;
}

/**
 * FRR 10's mgmtd, when it is stuck: after a daemon left it in the middle of a change it keeps its lock for ten minutes and takes no
 * configuration (MGMTD_TXN_CFG_COMMIT_MAX_DELAY_SEC; github.com/FRRouting/frr, issue 18340). Started anew, it is free; what is
 * configured in the other daemons stays, and what it has forgotten is missing from the next look.
 */
export class StuckMgmtd {
  readonly #backend: Pick<FrrBackend, "restartMgmtd">;
  readonly #now: () => number;
  /** When it was first found locked since it last took something. */
  #since: number | undefined;

  constructor(parts: { readonly backend: FrrBackend; readonly now: () => number }) {
    this.#backend = parts.backend;
    this.#now = parts.now;
  }

  /** It took a change. */
  worked(): void {
    this.#since = undefined;
  }

  /** It refused a line; when that is because it is stuck, it is started anew if that may be done. */
  async refused({ said }: Refusal): Promise<Stuck | undefined> {
    const left = LEFT.test(said);
    if (!left && !LOCKED.test(said)) {
      this.#since = undefined;
      return undefined;
    }
    const now = this.#now();
    this.#since ??= now;
    // A lock that another session holds for its change is given back.
    if (!left && now - this.#since < STUCK_MS) {
      return { words: "another session holds its configuration", again: true };
    }
    if (await this.#backend.restartMgmtd?.() !== true) {
      const words = "its mgmtd is stuck: it is free again in ten minutes, or when FRR is restarted";
      return { words, again: false };
    }
    this.#since = undefined;
    return { words: "its mgmtd was stuck and was started anew", again: true };
  }
}
