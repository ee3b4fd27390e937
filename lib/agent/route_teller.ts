import type { BgpSession, FrrRoute } from "../host/frr_sessions.ts";
import { MAX_TOLD_ROUTES, type NodeRoutes } from "../model/api.ts";
import { type Prefix, tryParsePrefix } from "../model/prefix.ts";
import { peerOfTunnel } from "../plan/names.ts";

/** Where routes are read from. */
export interface RouteSource {
  /** Routes in use. */
  routes(): Promise<readonly FrrRoute[]>;
  /** Prefixes that this node announces. */
  announced(): Promise<readonly Prefix[]>;
}

/** Routes, and a text that differs when they do. */
export interface ToldRoutes {
  readonly revision: string;
  readonly routes: NodeRoutes;
}

/** Routes are read again after this time though no session tells of a change, milliseconds. */
const AGAIN_MS = 60_000;

/** Prefixes above which a table is not read for the status: somebody announces the Internet. */
const TOO_MANY = 20_000;

/** Reads a node's routes for its status, but only when a session tells that they may have changed: it costs two programs. */
export class RouteTeller {
  #key = "";
  #changes = 0;
  #readAt = -Infinity;
  #told: ToldRoutes | undefined;

  /** `now` gives milliseconds that only ever grow. */
  constructor(private readonly source: RouteSource, private readonly now: () => number) {}

  /** Something changed a route. */
  changed(): void {
    this.#changes++;
  }

  /** The routes now; undefined while there are too many. @throws {StateError} when FRR cannot be read. */
  async look(sessions: ReadonlyMap<string, BgpSession>): Promise<ToldRoutes | undefined> {
    const all = [...sessions.values()];
    if (all.reduce((sum, one) => sum + one.prefixesReceived, 0) > TOO_MANY * all.length) {
      return undefined;
    }
    const sessionsKey = all.map((s) =>
      `${s.tunnel} ${s.state} ${s.prefixesReceived} ${s.prefixesSent}`
    );
    // Counted before reading: what changes meanwhile must be read again.
    const key = [this.#changes, ...sessionsKey].join();
    if (key === this.#key && this.now() - this.#readAt < AGAIN_MS) return this.#told;
    const [routes, announced] = [await this.source.routes(), await this.source.announced()];
    this.#key = key;
    this.#readAt = this.now();
    this.#told = await toldOf(routes, announced);
    return this.#told;
  }
}

async function toldOf(
  routes: readonly FrrRoute[],
  announced: readonly Prefix[],
): Promise<ToldRoutes> {
  const accepted = routes.flatMap(({ prefix: text, protocol, devices }) => {
    const prefix = tryParsePrefix(text);
    const via = devices.map(peerOfTunnel).filter((number) => number !== undefined);
    return protocol === "bgp" && prefix !== undefined && via.length > 0
      ? [{ prefix, via: via.toSorted((a, b) => a - b).slice(0, 64) }]
      : [];
  }).sort((a, b) => a.prefix < b.prefix ? -1 : 1);
  const told = {
    announced: announced.toSorted().slice(0, MAX_TOLD_ROUTES),
    accepted: accepted.slice(0, MAX_TOLD_ROUTES),
    announcedCount: announced.length,
    acceptedCount: accepted.length,
  };
  const bytes = new TextEncoder().encode(JSON.stringify(told));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  return { revision: digest.slice(0, 16), routes: told };
}
