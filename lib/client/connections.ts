import type { FetchLike } from "./exchange.ts";

/** A kind of `fetch` and the connections that it keeps. */
export interface Dialer {
  readonly fetch: FetchLike;
  /** Closes the connections that wait for their next use. */
  readonly close: () => void;
}

/**
 * Connections to controllers that can be given up all at once. Nobody tells a program that the address its connection began
 * at is gone: without this, every call over it would wait for its time to run out.
 */
export class Connections {
  #dialer: Promise<Dialer> | undefined;
  #lost = new AbortController();

  /** @param dial makes connections anew; called when the first is needed. */
  constructor(private readonly dial: () => Dialer | Promise<Dialer>) {}

  /** Aborts when the connections of now are given up. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Calls over the connections of now. */
  readonly fetch: FetchLike = async (input, init) => {
    this.#dialer ??= Promise.resolve(this.dial());
    const dialer = await this.#dialer;
    init.signal?.throwIfAborted();
    return await dialer.fetch(input, init);
  };

  /** Gives up all connections; calls that wait for an answer begin again over new ones. */
  renew(): void {
    const [dialer, lost] = [this.#dialer, this.#lost];
    this.#dialer = undefined;
    this.#lost = new AbortController();
    lost.abort();
    dialer?.then((one) => one.close(), () => undefined);
  }
}
