import { type Mesh } from "../model/enrolment_api.ts";
import { FEED_WAIT_S } from "../model/feed_api.ts";
import { type RouteMode } from "../model/route_policy.ts";
import { StateError } from "../model/errors.ts";
import type { Prefix } from "../model/prefix.ts";
import { VERSION } from "../model/version.ts";
import { type Database } from "../store/database.ts";
import { endQuarantine } from "../store/leases.ts";
import { rememberPools } from "../store/mesh.ts";
import { setRouteMode } from "../store/route_decisions.ts";
import { quarantineEnd } from "./admin_calls.ts";
import { type Fetch, makeApp } from "./app.ts";
import { Bulk } from "./bulk.ts";
import type { Context } from "./context.ts";
import { Sessions } from "./dashboard/sessions.ts";
import { Viewers } from "./dashboard/viewers.ts";
import { Feed } from "./feed.ts";
import type { Log } from "./log.ts";
import { MetricsAccess } from "./metrics_access.ts";
import { MeshState } from "./mesh_state.ts";
import { PasswordGate } from "./password_gate.ts";
import { RequestCounts } from "./request_counts.ts";
import { Watch } from "./watch.ts";
import { Sightings } from "./sightings.ts";
import { StatusBoard } from "./status_board.ts";

/** How to run a controller. */
export interface ControllerOptions {
  readonly database: Database;
  readonly password: string;
  readonly pools: Mesh;
  readonly log: Log;
  readonly quarantineDays?: number;
  readonly trustedProxies?: readonly Prefix[];
  /** Which routes of other nodes a node takes; `open` unless told. */
  readonly routeMode?: RouteMode;
  /** Fingerprint of the CA that agents pin; null without one. */
  readonly caFingerprint?: string | null;
  /** Who may scrape the metrics besides the admin: everybody, or who shows a token. */
  readonly metrics?: { readonly open?: boolean; readonly token?: string | undefined };
  /** How long a feed request is held, milliseconds. */
  readonly feedWaitMs?: number;
}

/** A controller without a listener. */
export interface Controller {
  readonly context: Context;
  readonly fetch: Fetch;
  /** Stops its clocks and closes the database. */
  readonly close: () => Promise<void>;
}

/** How long changes are gathered before the readers are told, milliseconds. */
const GATHER_MS = 30;

/** How often the database is asked what others stored, milliseconds. */
const POLL_MS = 250;

/**
 * Loads the mesh and makes everything that answers requests.
 * @throws {DatabaseError} when the database cannot be read.
 */
export async function makeController(options: ControllerOptions): Promise<Controller> {
  const { database, log } = options;
  const state = new MeshState();
  const feed = new Feed({
    state,
    gatherMs: GATHER_MS,
    waitMs: options.feedWaitMs ?? FEED_WAIT_S * 1000,
  });
  const watch = new Watch({ database, state, feed, log });
  const now = () => new Date().toISOString();
  const board = new StatusBoard({ state, now: Date.now });
  const caFingerprint = options.caFingerprint ?? null;
  const viewers = new Viewers({
    board,
    revision: () => state.revision,
    about: () => ({ version: VERSION, ca: caFingerprint, meshId: state.meshId }),
    now: Date.now,
  });
  const context: Context = {
    database,
    state,
    feed,
    bulk: new Bulk({ slots: 64, stallMs: 10_000, crowdedMs: 1_000 }),
    sightings: new Sightings(Date.now),
    board,
    gate: new PasswordGate({ password: options.password, now: Date.now }),
    sessions: new Sessions({
      password: options.password,
      meshId: () => state.meshId,
      now: Date.now,
    }),
    viewers,
    metricsAccess: new MetricsAccess({ open: false, token: undefined, ...options.metrics }),
    requests: new RequestCounts(),
    log,
    pools: options.pools,
    quarantineDays: options.quarantineDays ?? 7,
    trustedProxies: [...options.trustedProxies ?? []],
    caFingerprint,
    waitingFor: () => [watch.trouble, database.trouble].filter((trouble) => trouble !== undefined),
    catchUp: () => watch.lookAfresh(),
    now,
  };
  await database.write(async (tx) => {
    await rememberPools(tx, options.pools);
    await setRouteMode(tx, options.routeMode ?? "open");
    await endQuarantine(tx, quarantineEnd(context));
  });
  await watch.look();
  if (watch.trouble !== undefined) throw new StateError(`Cannot read the mesh: ${watch.trouble}`);
  database.afterCommit = (reader) => watch.takeIn(reader);
  watch.start(POLL_MS);
  context.board.start();
  const fetch = makeApp(context);
  return {
    context,
    fetch,
    close: async () => {
      watch.stop();
      context.board.stop();
      viewers.close();
      feed.close();
      await database.close();
    },
  };
}
