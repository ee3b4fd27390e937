import type { RefusedRoute as RefusedOnTunnel } from "../host/frr_refused.ts";
import type { BgpSession, FrrRoute } from "../host/frr_sessions.ts";
import {
  MAX_TOLD_REFUSED,
  MAX_TOLD_ROUTES,
  type NodeRoutes,
  type RefusedRoute,
} from "../model/node_routes.ts";
import { type Prefix, tryParsePrefix } from "../model/prefix.ts";
import { peerOfTunnel } from "../plan/names.ts";

/** Where routes are read from. */
export interface RouteSource {
  /** Routes in use. */
  routes(): Promise<readonly FrrRoute[]>;
  /** Prefixes that this node announces. */
  announced(): Promise<readonly Prefix[]>;
  /** What these peers sent and was not let in. @param ownAsn this node's AS number. */
  refused(tunnels: readonly string[], ownAsn: number): Promise<readonly RefusedOnTunnel[]>;
}

/** What is known of the node whose routes are read. */
export interface RouteLook {
  readonly sessions: ReadonlyMap<string, BgpSession>;
  readonly asn: number;
  /** Differs when the node judges routes by something else. */
  readonly rules: string;
  /** Says why a route was not let in. */
  readonly explain: (route: { prefix: Prefix; origin: number | null }) => string;
}

/** Routes, and a text that differs when they do. */
export interface ToldRoutes {
  readonly revision: string;
  readonly routes: NodeRoutes;
}

/** Routes are read again after this time though no session tells of a change, milliseconds. */
const AGAIN_MS = 60_000;

/**
 * No count tells that FRR refused one more route. So it is asked again after this time, milliseconds; with many peers, for each
 * of which FRR has to be asked, only with the rest.
 */
const REFUSED_AGAIN_MS = 10_000;
const FEW_PEERS = 10;

/** Prefixes above which a table is not read for the status: somebody announces the Internet. */
const TOO_MANY = 20_000;

/** Reads a node's routes for its status, but only when a session tells that they may have changed: it costs two programs. */
export class RouteTeller {
  #key = "";
  #changes = 0;
  #readAt = -Infinity;
  #told: ToldRoutes | undefined;
  #refused: readonly RefusedOnTunnel[] = [];
  #refusedAt = -Infinity;

  /** `now` gives milliseconds that only ever grow. */
  constructor(private readonly source: RouteSource, private readonly now: () => number) {}

  /** Something changed a route. */
  changed(): void {
    this.#changes++;
  }

  /** The routes now; undefined while there are too many. @throws {StateError} when FRR cannot be read. */
  async look(look: RouteLook): Promise<ToldRoutes | undefined> {
    const all = [...look.sessions.values()];
    if (all.reduce((sum, one) => sum + one.prefixesReceived, 0) > TOO_MANY * all.length) {
      return undefined;
    }
    const sessionsKey = all.map((s) =>
      `${s.tunnel} ${s.state} ${s.prefixesReceived} ${s.prefixesSent}`
    );
    // Counted before reading: what changes meanwhile must be read again.
    const key = [this.#changes, look.rules, ...sessionsKey].join();
    const same = key === this.#key && this.now() - this.#readAt < AGAIN_MS;
    if (same && !await this.#moreRefused(look)) return this.#told;
    const [routes, announced] = [await this.source.routes(), await this.source.announced()];
    if (!same) await this.#readRefused(look);
    this.#key = key;
    this.#readAt = this.now();
    this.#told = await toldOf({ routes, announced, refused: refusedOf(this.#refused, look) });
    return this.#told;
  }

  /** Whether other routes are refused now than when it was looked last. */
  async #moreRefused(look: RouteLook): Promise<boolean> {
    if (this.now() - this.#refusedAt < REFUSED_AGAIN_MS) return false;
    if (look.sessions.size > FEW_PEERS) return false;
    const before = JSON.stringify(this.#refused);
    await this.#readRefused(look);
    return JSON.stringify(this.#refused) !== before;
  }

  async #readRefused({ sessions, asn }: RouteLook): Promise<void> {
    const up = [...sessions.values()].filter(({ state }) => state === "Established");
    this.#refused = await this.source.refused(up.map(({ tunnel }) => tunnel), asn);
    this.#refusedAt = this.now();
  }
}

/** One line for each prefix and origin, however many peers sent it. */
function refusedOf(
  refused: readonly RefusedOnTunnel[],
  { explain }: RouteLook,
): readonly RefusedRoute[] {
  const alike = Map.groupBy(refused, ({ prefix, path }) => `${prefix} ${path.at(-1) ?? ""}`);
  return [...alike.values()].map((some) => {
    const { prefix, path } = some[0]!;
    const origin = path.at(-1) ?? null;
    const from = some.map(({ tunnel }) => peerOfTunnel(tunnel)).filter((one) => one !== undefined);
    const first = from.toSorted((a, b) => a - b).slice(0, 64);
    return { prefix, from: first, origin, why: explain({ prefix, origin }) };
  }).sort((a, b) => a.prefix < b.prefix ? -1 : 1);
}

interface Found {
  readonly routes: readonly FrrRoute[];
  readonly announced: readonly Prefix[];
  readonly refused: readonly RefusedRoute[];
}

async function toldOf({ routes, announced, refused }: Found): Promise<ToldRoutes> {
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
    refused: refused.slice(0, MAX_TOLD_REFUSED),
    refusedCount: refused.length,
  };
  const bytes = new TextEncoder().encode(JSON.stringify(told));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  return { revision: digest.slice(0, 16), routes: told };
}
