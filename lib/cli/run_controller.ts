import { isLoopback } from "../client/controller_url.ts";
import { makeController } from "../controller/controller.ts";
import type { ListenAddress } from "../controller/listen_address.ts";
import { listen } from "../controller/listener.ts";
import { makeLog } from "../controller/log.ts";
import type { Mesh } from "../model/api.ts";
import { StateError } from "../model/errors.ts";
import type { Prefix } from "../model/prefix.ts";
import { checkPools } from "../plan/pools.ts";
import { openDatabase, placeInFolder } from "../store/open_database.ts";

/** What `meshover controller` was told. */
export interface RunOptions {
  readonly listen: ListenAddress;
  readonly password: string;
  readonly statefile: string;
  readonly database: string | undefined;
  readonly databaseToken: string | undefined;
  readonly pools: Mesh;
  readonly quarantineDays: number;
  readonly trustedProxies: readonly Prefix[];
  readonly insecureHttp: boolean;
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
  if (!isLoopback(options.listen.hostname) && !options.insecureHttp) {
    throw new StateError(
      "Cannot listen: plain http on an address that is not loopback needs --insecure-http",
    );
  }
  const database = await openDatabase(await placeOf(options), { meshId: crypto.randomUUID() });
  try {
    const controller = await makeController({ ...options, database, log });
    const listener = listen(controller, { address: options.listen });
    log("info", `listening on ${listener.url}`, {
      nodes: controller.context.state.size,
      database: database.name,
    });
    log("info", `stopping on ${await stopSignal()}`);
    controller.context.feed.close();
    await listener.close(GRACE_MS);
    await controller.close();
    return 0;
  } catch (error) {
    await database.close();
    throw error;
  }
}

function placeOf(options: RunOptions): ReturnType<typeof placeInFolder> {
  if (options.database === undefined) return placeInFolder(options.statefile);
  const token = options.databaseToken === undefined ? {} : { authToken: options.databaseToken };
  return Promise.resolve({ url: options.database, ...token });
}

/** The name of the signal that ends the program. */
function stopSignal(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(name, () => resolve(name));
  }
  return promise;
}
