import type { FrrBackend } from "./frr_backend.ts";
import { LOCKED, type Refusal } from "./frr_vtysh.ts";

/** A lock that is held for longer is stuck, milliseconds: a session that loads a large file has one for as long as it takes. */
const STUCK_MS = 60_000;

/** What mgmtd says when a daemon left it in the middle of a change. */
const LEFT = /Backend daemon disconnected/;

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

  /** It refused a line; returns, in words, what becomes of that when it is stuck, and starts it anew if that may be done. */
  async refused({ said }: Refusal): Promise<string | undefined> {
    const left = LEFT.test(said);
    if (!left && !LOCKED.test(said)) {
      this.#since = undefined;
      return undefined;
    }
    const now = this.#now();
    this.#since ??= now;
    // A lock that another session holds for its change is given back.
    if (!left && now - this.#since < STUCK_MS) return "another session holds its configuration";
    if (await this.#backend.restartMgmtd?.() !== true) {
      return "its mgmtd is stuck: it is free again in ten minutes, or when FRR is restarted";
    }
    this.#since = undefined;
    return "its mgmtd was stuck and was started anew";
  }
}
