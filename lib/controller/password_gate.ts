import { networkOf } from "../model/prefix.ts";
import { familyOf, tryParseAddress } from "../model/address.ts";
import { Refusal } from "../model/refusal.ts";
import { interfaceAddress } from "../plan/span.ts";
import { toBigInt } from "../model/address.ts";
import { equalInConstantTime } from "./hash.ts";

/** Wrong tries that cost nothing. */
const FREE_TRIES = 3;

/** Longest that a source has to wait, seconds. */
const MAX_WAIT_S = 60;

/** Sources that are remembered; the oldest is forgotten first. */
const MAX_SOURCES = 10_000;

interface Tries {
  readonly wrong: number;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Compares the admin password, and makes a source that guesses wait longer after every wrong try. */
export class PasswordGate {
  readonly #password: string;
  readonly #now: () => number;
  readonly #tries = new Map<string, Tries>();

  /** `now` gives milliseconds since 1970. */
  constructor(options: { password: string; now: () => number }) {
    this.#password = options.password;
    this.#now = options.now;
  }

  /**
   * True for the right password, false for a wrong one.
   * @throws {Refusal} 429 while the source has to wait, whatever it sends.
   */
  check(given: string, source: string): boolean {
    const key = sourceKey(source);
    this.#requirePatience(key);
    const right = equalInConstantTime(given, this.#password);
    if (right) this.#tries.delete(key);
    else this.#countWrong(key);
    return right;
  }

  #requirePatience(key: string): void {
    const waitMs = (this.#tries.get(key)?.until ?? 0) - this.#now();
    if (waitMs <= 0) return;
    throw new Refusal({
      status: 429,
      code: "too_many_tries",
      detail: `too many wrong passwords from this address; try again in ${
        Math.ceil(waitMs / 1000)
      } s`,
    });
  }

  #countWrong(key: string): void {
    const wrong = (this.#tries.get(key)?.wrong ?? 0) + 1;
    this.#tries.delete(key);
    if (this.#tries.size >= MAX_SOURCES) this.#tries.delete(this.#tries.keys().next().value!);
    const waitS = wrong < FREE_TRIES ? 0 : Math.min(2 ** (wrong - FREE_TRIES), MAX_WAIT_S);
    this.#tries.set(key, { wrong, until: this.#now() + waitS * 1000 });
  }
}

/** An IPv6 source is its /64: whoever has one has all of it. */
function sourceKey(source: string): string {
  const address = tryParseAddress(source);
  if (address === undefined || familyOf(address) === 4) return source;
  return networkOf(interfaceAddress(toBigInt(address), { family: 6, length: 64 }));
}
