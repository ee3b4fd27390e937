import { z } from "zod";
import { StateError } from "../model/errors.ts";

/** A BGP session as FRR sees it. */
export interface BgpSession {
  /** Device, as the sessions are unnumbered. */
  readonly tunnel: string;
  /** FRR's word: `Established`, `Idle`, `Active`, … */
  readonly state: string;
  /** Of both address families together. */
  readonly prefixesReceived: number;
  readonly prefixesSent: number;
  /** How often the session was lost. */
  readonly dropped: number;
}

/** A BFD session as FRR sees it. */
export interface BfdSession {
  readonly tunnel: string;
  /** `up`, `down`, `init`, `shutdown`. */
  readonly status: string;
  /** Intervals without an answer after which the peer is down. */
  readonly multiplier: number;
  /** Milliseconds. */
  readonly intervalMs: number;
}

/** A route that FRR put into the kernel. */
export interface FrrRoute {
  readonly prefix: string;
  /** `bgp`, `connected`, `kernel`, `static`, … */
  readonly protocol: string;
  /** Devices that it leads to. */
  readonly devices: readonly string[];
}

// Read from 8.4 and 10.3. `peerState` says "OK" of dead sessions too; `state` is what tells.
interface SummaryPeer {
  readonly state: string;
  readonly pfxRcd?: number;
  readonly pfxSnt?: number;
  readonly connectionsDropped?: number;
}

/** One by one in place of a schema, which took 4 ms for the 500 peers of two families, at every look. */
function isSummaryPeer(value: unknown): value is SummaryPeer {
  if (typeof value !== "object" || value === null) return false;
  const { state, pfxRcd = 0, pfxSnt = 0, connectionsDropped = 0 } = value as Partial<
    Record<keyof SummaryPeer, unknown>
  >;
  return typeof state === "string" && Number.isInteger(pfxRcd) && Number.isInteger(pfxSnt) &&
    Number.isInteger(connectionsDropped);
}

function arePeers(value: unknown): value is Readonly<Record<string, SummaryPeer>> {
  return typeof value === "object" && value !== null && Object.values(value).every(isSummaryPeer);
}

const summaryPeers = z.custom<Readonly<Record<string, SummaryPeer>>>(arePeers, {
  error: "peers have another form",
});
const summaryFamily = z.object({ peers: summaryPeers.default({}) });
const summarySchema = z.object({
  ipv4Unicast: summaryFamily.optional(),
  ipv6Unicast: summaryFamily.optional(),
});
const bfdSchema = z.array(z.object({
  interface: z.string().optional(),
  status: z.string(),
  "detect-multiplier": z.int(),
  "transmit-interval": z.int(),
}));
const routesSchema = z.record(
  z.string(),
  z.array(z.object({
    prefix: z.string(),
    protocol: z.string(),
    selected: z.boolean().default(false),
    installed: z.boolean().default(false),
    nexthops: z.array(z.object({ interfaceName: z.string().optional() })).default([]),
  })),
);

function read<T>(text: string, options: { what: string; schema: z.ZodType<T> }): T {
  try {
    return options.schema.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new StateError(
      `Cannot read what FRR says to "${options.what}": ${why}; FRR 8.4 to 10.x are known`,
    );
  }
}

/** Sessions by device, from `show bgp summary json`. @throws {StateError} when it has another form. */
export function parseBgpSummary(text: string): ReadonlyMap<string, BgpSession> {
  const summary = read(text, { what: "show bgp summary json", schema: summarySchema });
  const sessions = new Map<string, BgpSession>();
  for (const family of [summary.ipv4Unicast, summary.ipv6Unicast]) {
    for (const [tunnel, peer] of Object.entries(family?.peers ?? {})) {
      const known = sessions.get(tunnel);
      sessions.set(tunnel, {
        tunnel,
        state: peer.state,
        prefixesReceived: (peer.pfxRcd ?? 0) + (known?.prefixesReceived ?? 0),
        prefixesSent: (peer.pfxSnt ?? 0) + (known?.prefixesSent ?? 0),
        dropped: peer.connectionsDropped ?? 0,
      });
    }
  }
  return sessions;
}

/** BFD sessions by device, from `show bfd peers json`. @throws {StateError} when it has another form. */
export function parseBfdPeers(text: string): ReadonlyMap<string, BfdSession> {
  const peers = read(text, { what: "show bfd peers json", schema: bfdSchema });
  return new Map(peers.flatMap((peer) =>
    peer.interface === undefined ? [] : [
      [peer.interface, {
        tunnel: peer.interface,
        status: peer.status,
        multiplier: peer["detect-multiplier"],
        intervalMs: peer["transmit-interval"],
      }] as const,
    ]
  ));
}

/** Routes in use, from `show ip route json` or `show ipv6 route json`. @throws {StateError} when it has another form. */
export function parseRoutes(text: string): readonly FrrRoute[] {
  const routes = read(text, { what: "show ip route json", schema: routesSchema });
  return Object.values(routes).flat()
    .filter((route) => route.selected && route.installed)
    .map(({ prefix, protocol, nexthops }) => ({
      prefix,
      protocol,
      devices: nexthops.flatMap((hop) => hop.interfaceName ?? []),
    }));
}

/**
 * Devices in `show interface …` that are up without having sent a router advertisement. FRR 8.4's zebra misses the
 * link-local address of a device that is added and brought up in one go, and then never sends one, so that the peer
 * never learns where to connect to. A device that came up this moment looks the same.
 */
export function silentInterfaces(showInterface: string): readonly string[] {
  return showInterface.split(/^(?=Interface \S+ is )/m).flatMap((block) => {
    const name = /^Interface (\S+) is up/.exec(block)?.[1];
    const sent = /router advertisements sent: (\d+)/.exec(block)?.[1];
    const silent = sent === undefined ? !/^\s+inet6 fe80:/m.test(block) : sent === "0";
    return name !== undefined && silent ? [name] : [];
  });
}
