import { messageOf, StateError } from "../model/errors.ts";
import type { Controller } from "./controller.ts";
import { hostInUrl, type ListenAddress } from "./listen_address.ts";

/** Connections that may wait to be accepted: after a power cut all nodes come at once. */
const BACKLOG = 4096;

/** A listener that runs. */
export interface Listener {
  /** Its address, with the port that was really taken. */
  readonly url: string;
  /** Takes no more connections and lets open requests finish, at most as long as `graceMs`. */
  readonly close: (graceMs: number) => Promise<void>;
}

/** Certificate chain and key, both PEM. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

/**
 * Opens the port.
 * @throws {StateError} when it cannot be had.
 */
export function listen(
  controller: Pick<Controller, "fetch">,
  options: { address: ListenAddress; tls?: TlsPair },
): Listener {
  const { address, tls } = options;
  const shown = `${hostInUrl(address.hostname)}:${address.port}`;
  const abort = new AbortController();
  try {
    const server = Deno.serve({
      ...address,
      ...tls,
      tcpBacklog: BACKLOG,
      // Every reader gets the same small bytes: packing them for each would cost more than it saves.
      automaticCompression: false,
      signal: abort.signal,
      onListen: () => {},
    }, (request, info) => controller.fetch(request, info));
    return {
      url: `${tls === undefined ? "http" : "https"}://${
        hostInUrl(address.hostname)
      }:${server.addr.port}`,
      close: async (graceMs) => {
        const timer = setTimeout(() => abort.abort(), graceMs);
        await server.shutdown();
        clearTimeout(timer);
      },
    };
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      throw new StateError(
        `Cannot listen on ${shown}: another program does already; choose another --listen`,
      );
    }
    throw new StateError(`Cannot listen on ${shown}: ${messageOf(error)}`);
  }
}
