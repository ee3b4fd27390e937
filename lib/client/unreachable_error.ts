import { StateError } from "../model/errors.ts";

/** No controller gave a usable answer: no connection, no trust, a timeout, or nonsense. Nothing may be concluded from it. */
export class UnreachableError extends StateError {
  /** `action` completes "Cannot …"; `reason` says what happened at each address that was tried. */
  constructor(action: string, reason: string) {
    super(`Cannot ${action}: ${reason}`);
  }
}
