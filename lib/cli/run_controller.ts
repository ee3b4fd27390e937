import { isLoopback } from "../client/controller_url.ts";
import { makeController } from "../controller/controller.ts";
import type { ListenAddress } from "../controller/listen_address.ts";
import { listen } from "../controller/listener.ts";
import { makeLog } from "../controller/log.ts";
import { keepRenewed } from "../controller/keep_renewed.ts";
import { plainAddress } from "../controller/seen_address.ts";
import { fileTls, ownTls, type TlsSource } from "../controller/tls_keeper.ts";
import type { Mesh } from "../model/enrolment_api.ts";
import type { RouteMode } from "../model/route_policy.ts";
import type { Prefix } from "../model/prefix.ts";
import { checkPools } from "../plan/pools.ts";
import { readableEnv, serviceManager } from "./service_manager.ts";
import type { Database } from "../store/database.ts";
import { type DatabasePlace, openDatabase } from "../store/open_database.ts";

/** What `meshover controller` was told. */
export interface RunOptions {
  readonly listen: ListenAddress;
  readonly password: string;
  readonly place: DatabasePlace;
  readonly pools: Mesh;
  readonly quarantineDays: number;
  readonly trustedProxies: readonly Prefix[];
  readonly tls: {
    readonly cert: string | undefined;
    readonly key: string | undefined;
    readonly names: readonly string[];
  };
  readonly insecureHttp: boolean;
  readonly routeMode: RouteMode;
  readonly metrics: { readonly open: boolean; readonly token: string | undefined };
}

/** Requests that are open when it is told to stop get this long, milliseconds. */
const GRACE_MS = 2_000;

/**
 * Runs a controller until SIGINT or SIGTERM.
 * @throws {InputError} for bad flags, {StateError} when the port or the database cannot be had.
 */
export async function runController(options: RunOptions): Promise<number> {
  checkPools(options.pools);
  const log = makeLog({
    terminal: Deno.stderr.isTerminal(),
    write: (line) => console.error(line),
    now: () => new Date().toISOString(),
  });
  const database = await openDatabase(options.place, { meshId: crypto.randomUUID() });
  try {
    const tls = await tlsOf(options, database);
    const controller = await makeController({
      ...options,
      database,
      log,
      caFingerprint: tls?.caFingerprint ?? null,
    });
    const pair = await tls?.pair();
    const listener = listen(controller.fetch, {
      address: options.listen,
      log,
      ...(pair === undefined ? {} : { tls: pair }),
    });
    const ca = tls?.caFingerprint ?? null;
    log("info", `listening on ${listener.url}`, {
      nodes: controller.context.state.size,
      database: database.name,
      ...(ca === null ? {} : { ca }),
    });
    const renewing = tls === undefined ? undefined : keepRenewed({ tls, listener, log });
    const manager = serviceManager({ env: readableEnv, complain: (line) => log("warning", line) });
    manager.ready(`listening on ${listener.url}`);
    log("info", `stopping on ${await stopSignal()}`);
    manager.stopping();
    await renewing?.stop();
    controller.context.feed.close();
    controller.context.viewers.close();
    await listener.close(GRACE_MS);
    await controller.close();
    return 0;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** TLS unless the listener is on loopback, or plain http was asked for; always when a certificate was given. */
async function tlsOf(options: RunOptions, database: Database): Promise<TlsSource | undefined> {
  const { cert, key, names } = options.tls;
  if (cert !== undefined && key !== undefined) return await fileTls({ cert, key });
  const { hostname } = options.listen;
  if (options.insecureHttp || (isLoopback(hostname) && names.length === 0)) return undefined;
  return await ownTls({
    database,
    names: [...new Set([...names, ...ownNames(hostname)])],
    now: Date.now,
  });
}

/** Names and addresses of this machine; fewer where it may not ask. */
function ownNames(listenOn: string): string[] {
  try {
    const addresses = Deno.networkInterfaces().map((i) => plainAddress(i.address));
    return [Deno.hostname(), "localhost", ...addresses];
  } catch {
    return listenOn === "::" || listenOn === "0.0.0.0" ? [] : [listenOn];
  }
}

/** The name of the signal that ends the program. */
function stopSignal(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(name, () => resolve(name));
  }
  return promise;
}
