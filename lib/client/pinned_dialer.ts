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
  }, (incoming) => {
    // Not announced to an aborted caller: the abort below has told him.
    const { date } = incoming.headers;
    const headers = date === undefined ? {} : { date };
    resolve(new Response(bodyOf(incoming), { status: incoming.statusCode ?? 502, headers }));
  });
  const abort = () => outgoing.destroy(new Error("aborted"));
  init.signal?.addEventListener("abort", abort, { once: true });
  outgoing.on("close", () => init.signal?.removeEventListener("abort", abort));
  outgoing.on("error", (error) => reject(init.signal?.aborted ? init.signal.reason : error));
  if (init.signal?.aborted) abort();
  outgoing.end(init.body as string | undefined);
  return promise;
}

function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      incoming.on("data", (chunk: Uint8Array) => controller.enqueue(new Uint8Array(chunk)));
      incoming.on("end", () => controller.close());
      incoming.on("error", (error) => controller.error(error));
    },
    cancel: () => void incoming.destroy(),
  });
}
