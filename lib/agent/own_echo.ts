/** How long after its own changes what an agent hears of the host counts as their echo, milliseconds. */
const ECHO_MS = 1_000;

/** What an echo is told apart with. */
export interface OwnEchoParts {
  /** Called when the host is to be looked at. */
  readonly look: () => void;
  /** Milliseconds that only ever grow; a test's own clock. */
  readonly now?: () => number;
  /** Calls something after so many milliseconds, and returns what takes that back; a test's own clock. */
  readonly later?: (call: () => void, ms: number) => () => void;
}

function laterByTimer(call: () => void, ms: number): () => void {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
}

/**
 * Has the host looked at when it tells of a change: at once, but after a turn that changed it only once a second has passed. What
 * the kernel and FRR tell until then is nearly always what the turn did, and comes in several pieces; each look at it would take
 * the processor while sessions come up. The look is not left out: somebody else may have changed something as well.
 */
export class OwnEcho {
  readonly #parts: Required<OwnEchoParts>;
  #isTurning = false;
  #heard = false;
  #calmUntil = -Infinity;
  #takeBack: (() => void) | undefined;

  constructor(parts: OwnEchoParts) {
    this.#parts = { now: () => performance.now(), later: laterByTimer, ...parts };
  }

  /** The host tells of a change. */
  heard(): void {
    if (this.#isTurning) {
      this.#heard = true;
      return;
    }
    const waitMs = this.#calmUntil - this.#parts.now();
    if (waitMs <= 0) this.#parts.look();
    else {
      this.#takeBack ??= this.#parts.later(() => {
        this.#takeBack = undefined;
        this.#parts.look();
      }, waitMs);
    }
  }

  /** A turn begins: it looks at all that was heard until now. */
  begin(): void {
    this.cancel();
    this.#heard = false;
    this.#isTurning = true;
  }

  /** A turn ends; `wrote` when it changed the host. */
  end(wrote: boolean): void {
    this.#isTurning = false;
    if (wrote) this.#calmUntil = this.#parts.now() + ECHO_MS;
    if (this.#heard) this.heard();
    this.#heard = false;
  }

  /** Forgets a look that waits. */
  cancel(): void {
    this.#takeBack?.();
    this.#takeBack = undefined;
  }
}
