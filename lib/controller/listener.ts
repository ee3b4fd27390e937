import { messageOf, StateError } from "../model/errors.ts";
import type { Controller } from "./controller.ts";
import { hostInUrl, type ListenAddress } from "./listen_address.ts";

/** Connections that may wait to be accepted: after a power cut all nodes come at once. */
const BACKLOG = 4096;

/** A listener that runs. */
export interface Listener {
  /** Its address, with the port that was really taken. */
  readonly url: string;
  /** Goes on with another certificate; open requests finish with the old one. */
  readonly renew: (tls: TlsPair) => Promise<void>;
  /** Takes no more connections and waits for open requests, at most as long as `graceMs`. */
  readonly close: (graceMs: number) => Promise<void>;
}

/** Certificate chain and key, both PEM. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

type Fetch = Controller["fetch"];

/**
 * Opens the port.
 * @throws {StateError} when it cannot be had.
 */
export function listen(
  fetch: Fetch,
  options: { address: ListenAddress; tls?: TlsPair },
): Listener {
  const { address, tls } = options;
  let server = open(fetch, { address, tls });
  const { port } = server.addr;
  return {
    url: `${tls === undefined ? "http" : "https"}://${hostInUrl(address.hostname)}:${port}`,
    renew: async (pair) => {
      // Deno.serve keeps the certificate it began with. The old listener is closed first, so the port is free at once.
      const before = server;
      before.shutdown().catch(() => {});
      server = await reopen(fetch, { address: { ...address, port }, tls: pair });
    },
    close: async (graceMs) => {
      // Not aborted after that: Deno 2.9 can crash when a server is aborted while it shuts down. The program ends anyway.
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, graceMs);
      await Promise.race([server.shutdown(), late.promise]);
      clearTimeout(timer);
    },
  };
}

interface Server {
  readonly addr: Deno.NetAddr;
  readonly shutdown: () => Promise<void>;
}

function open(fetch: Fetch, options: { address: ListenAddress; tls: TlsPair | undefined }): Server {
  const { address, tls } = options;
  try {
    const server = Deno.serve({
      ...address,
      ...tls,
      tcpBacklog: BACKLOG,
      // Every reader gets the same small bytes: packing them for each would cost more than it saves.
      automaticCompression: false,
      onListen: () => {},
    }, (request, info) => fetch(request, info));
    return { addr: server.addr, shutdown: () => server.shutdown() };
  } catch (error) {
    const shown = `${hostInUrl(address.hostname)}:${address.port}`;
    if (error instanceof Deno.errors.AddrInUse) {
      throw new StateError(
        `Cannot listen on ${shown}: another program does already; choose another --listen`,
      );
    }
    throw new StateError(`Cannot listen on ${shown}: ${messageOf(error)}`);
  }
}

async function reopen(
  fetch: Fetch,
  options: { address: ListenAddress; tls: TlsPair },
): Promise<Server> {
  for (let tries = 0;; tries++) {
    try {
      return open(fetch, options);
    } catch (error) {
      if (tries >= 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
