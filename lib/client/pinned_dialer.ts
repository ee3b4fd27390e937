import { Agent, type IncomingMessage, request } from "node:http";
import type { Duplex } from "node:stream";
import type { ControllerCa } from "./controller_ca.ts";
import type { Dialer } from "./connections.ts";
import { plainDialer } from "./plain_dialer.ts";
import { findCa, pinnedSocket, type SocketTarget } from "./pinned_socket.ts";

/** Speaks only with controllers whose certificate comes from `ca`; plain http stays plain. */
export function pinnedDialer(ca: ControllerCa): Dialer {
  const agent = new PinnedAgent(ca);
  const plain = plainDialer();
  return {
    fetch: (input, init) => {
      const url = new URL(input);
      return url.protocol === "https:" ? send(url, { agent, init }) : plain.fetch(input, init);
    },
    close: () => {
      agent.destroy();
      plain.close();
    },
  };
}

/** Keeps connections open between calls; each was verified before its first byte. */
class PinnedAgent extends Agent {
  readonly #ca: ControllerCa;
  #pem: string | undefined;

  constructor(ca: ControllerCa) {
    super({ keepAlive: true });
    this.#ca = ca;
  }

  override createConnection(
    options: { host?: string | null; port?: number | string | null },
    done?: (error: Error | null, stream: Duplex) => void,
  ): Duplex {
    const target: SocketTarget = { hostname: options.host ?? "", port: Number(options.port) };
    // The type of node's callback wants a stream with an error too; node itself gives none.
    const fail = done as ((error: Error) => void) | undefined;
    this.#connect(target).then((socket) => done?.(null, socket), (error) => fail?.(error));
    // With a callback nothing needs to be returned (nodejs.org/api/http.html, agent.createConnection); the type does.
    return undefined as unknown as Duplex;
  }

  /** The CA is found once: it is the same for all controllers of a mesh. */
  async #connect(target: SocketTarget): Promise<Duplex> {
    this.#pem ??= await findCa(target, this.#ca);
    return await pinnedSocket(target, this.#pem);
  }
}

function send(url: URL, options: { agent: Agent; init: RequestInit }): Promise<Response> {
  const { init, agent } = options;
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const outgoing = request({
    agent,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? 443 : Number(url.port),
    path: url.pathname + url.search,
    method: init.method ?? "GET",
    headers: { ...init.headers as Record<string, string>, host: url.host },
  });
  const abort = () => {
    reject(init.signal!.reason);
    outgoing.destroy();
  };
  // Not before the answer has ended: "close" comes when the request is out, where a connection is used again. And not
  // later: the connection may carry the next call then.
  const over = () => init.signal?.removeEventListener("abort", abort);
  init.signal?.addEventListener("abort", abort, { once: true });
  outgoing.on("response", (incoming: IncomingMessage) => {
    const { date } = incoming.headers;
    const headers = date === undefined ? {} : { date };
    const body = bodyOf(incoming, { signal: init.signal, over });
    resolve(new Response(body, { status: incoming.statusCode ?? 502, headers }));
  });
  outgoing.on("error", (error) => {
    over();
    reject(error);
  });
  if (init.signal?.aborted) abort();
  outgoing.end(init.body as string | undefined);
  return promise;
}

/** What comes of an answer; `over` is called when nothing more does. */
function bodyOf(
  incoming: IncomingMessage,
  options: { signal: AbortSignal | null | undefined; over: () => void },
): ReadableStream<Uint8Array> {
  const { signal, over } = options;
  return new ReadableStream({
    start(controller) {
      const fail = (reason: unknown) => {
        over();
        controller.error(reason);
      };
      const abort = () => fail(signal!.reason);
      signal?.addEventListener("abort", abort, { once: true });
      incoming.on("data", (chunk: Uint8Array) => {
        if (!signal?.aborted) controller.enqueue(new Uint8Array(chunk));
      });
      incoming.on("end", () => {
        signal?.removeEventListener("abort", abort);
        over();
        if (!signal?.aborted) controller.close();
      });
      incoming.on("error", fail);
    },
    cancel: () => void incoming.destroy(),
  });
}
