import { equalInConstantTime } from "../hash.ts";

/** How long a session lasts, milliseconds: a working day. */
export const SESSION_MS = 12 * 3_600_000;

/** Rounds of PBKDF2: whoever steals a cookie shall not find the password from it. */
const ROUNDS = 200_000;

/** Signed-out sessions that are remembered until they would have ended. */
const MAX_ENDED = 10_000;

/** What sessions are made from. */
export interface SessionOptions {
  readonly password: string;
  /** Made once with the database: a session is good for one mesh. */
  readonly meshId: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Sessions of the dashboard. The cookie is signed with a key made from the password and the mesh, and nothing is stored: a
 * restart ends no session, all controllers of a mesh accept it, and another password ends all of them.
 */
export class Sessions {
  readonly #options: SessionOptions;
  readonly #ended = new Map<string, number>();
  #key: Promise<CryptoKey> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** A new session, as the value of a cookie. */
  async begin(): Promise<string> {
    const id = crypto.getRandomValues(new Uint8Array(16)).toHex();
    const claim = `${this.#options.now() + SESSION_MS}.${id}`;
    return `${claim}.${await this.#sign(claim)}`;
  }

  /** When the session ends, milliseconds since 1970; undefined when the cookie is no good. */
  async endOf(cookie: string | undefined): Promise<number | undefined> {
    const match = /^(([0-9]{13})\.([0-9a-f]{32}))\.([0-9a-f]{64})$/.exec(cookie ?? "");
    if (match === null) return undefined;
    const [, claim, until, id, signature] = match as unknown as [
      string,
      string,
      string,
      string,
      string,
    ];
    if (Number(until) <= this.#options.now() || this.#ended.has(id)) return undefined;
    if (!equalInConstantTime(signature, await this.#sign(claim))) return undefined;
    return Number(until);
  }

  /** Ends a session before its time. */
  async end(cookie: string | undefined): Promise<void> {
    const until = await this.endOf(cookie);
    if (until === undefined) return;
    const now = this.#options.now();
    for (const [id, end] of this.#ended) if (end <= now) this.#ended.delete(id);
    if (this.#ended.size >= MAX_ENDED) this.#ended.delete(this.#ended.keys().next().value!);
    this.#ended.set(cookie!.split(".")[1]!, until);
  }

  async #sign(claim: string): Promise<string> {
    this.#key ??= this.#makeKey();
    const bytes = new TextEncoder().encode(claim);
    return new Uint8Array(await crypto.subtle.sign("HMAC", await this.#key, bytes)).toHex();
  }

  async #makeKey(): Promise<CryptoKey> {
    const encoder = new TextEncoder();
    const password = encoder.encode(this.#options.password);
    const base = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveKey"]);
    const salt = encoder.encode(`meshover dashboard ${this.#options.meshId()}`);
    return await crypto.subtle.deriveKey(
      { name: "PBKDF2", salt, iterations: ROUNDS, hash: "SHA-256" },
      base,
      { name: "HMAC", hash: "SHA-256", length: 256 },
      false,
      ["sign"],
    );
  }
}
