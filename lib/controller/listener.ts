import { messageOf, StateError } from "../model/errors.ts";
import type { Controller } from "./controller.ts";
import { hostInUrl, type ListenAddress } from "./listen_address.ts";
import type { Log } from "./log.ts";

/** Connections that may wait to be accepted: after a power cut all nodes come at once. */
const BACKLOG = 4096;

/** Between two tries to have the port again, milliseconds. */
const LONGEST_WAIT_MS = 1_000;

/** A trouble that has not come back for so long is over, milliseconds. */
const QUIET_MS = 5_000;

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
  options: { address: ListenAddress; tls?: TlsPair; log: Log },
): Listener {
  const { address, log } = options;
  let { tls } = options;
  let server = open(fetch, { address, tls });
  const { port } = server.addr;
  let isClosing = false;
  const tell = troubleLog(log);
  // A server ends by itself when it cannot accept: with as many connections as the program may have open files.
  const watch = (watched: Server) => {
    watched.finished.catch(async (error) => {
      if (isClosing || watched !== server) return;
      tell(`cannot take connections: ${messageOf(error)}; trying again`);
      await pause(LONGEST_WAIT_MS);
      server = await reopen(fetch, { address: { ...address, port }, tls });
      watch(server);
    });
  };
  watch(server);
  return {
    url: `${tls === undefined ? "http" : "https"}://${hostInUrl(address.hostname)}:${port}`,
    renew: async (pair) => {
      // Deno.serve keeps the certificate it began with. The old listener is closed first, so the port is free at once.
      const before = server;
      tls = pair;
      before.shutdown().catch(() => {});
      server = await reopen(fetch, { address: { ...address, port }, tls });
      watch(server);
    },
    close: async (graceMs) => {
      isClosing = true;
      // Not aborted after that: Deno 2.9 can crash when a server is aborted while it shuts down. The program ends anyway.
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, graceMs);
      await Promise.race([server.shutdown(), late.promise]);
      clearTimeout(timer);
    },
  };
}

/** Tells of a trouble once, and once more when it has not come back for a while. */
function troubleLog(log: Log): (trouble: string) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (trouble) => {
    if (timer === undefined) log("error", trouble);
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      log("info", "taking connections again");
    }, QUIET_MS);
    Deno.unrefTimer(timer);
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

interface Server {
  readonly addr: Deno.NetAddr;
  readonly shutdown: () => Promise<void>;
  /** Rejects when it ended by itself. */
  readonly finished: Promise<void>;
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
    const { addr, finished } = server;
    return { addr, finished, shutdown: () => server.shutdown() };
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
  options: { address: ListenAddress; tls: TlsPair | undefined },
): Promise<Server> {
  for (let waitMs = 20;; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    try {
      return open(fetch, options);
    } catch {
      await pause(waitMs);
    }
  }
}
