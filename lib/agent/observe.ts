import type { Exec } from "../host/exec.ts";
import type { FrrLook } from "../host/frr.ts";
import { observeIp } from "../host/ip_observe.ts";
import type { IpObservation } from "../host/ip_read.ts";
import { observeNft } from "../host/nft.ts";
import { readSysctls } from "../host/sysctl.ts";
import { observeWg, type WgCounters } from "../host/wg.ts";
import type { WgKey } from "../model/wg_key.ts";
import type { HostState } from "../plan/host_state.ts";
import { acceptRaKey } from "../plan/sysctls.ts";
import { WG_DEVICE } from "../plan/names.ts";
import type { HostNetwork } from "../plan/underlay.ts";

/** What was seen of a host. */
export interface Observation {
  readonly state: HostState;
  readonly network: HostNetwork;
  readonly counters: ReadonlyMap<WgKey, WgCounters>;
  readonly watched: Watched;
  /** BGP sessions by tunnel; undefined while FRR does not answer, or is not managed. */
  readonly sessions: FrrLook["sessions"] | undefined;
}

/** The part of an observation of which the kernel tells every change: `ip monitor` and `nft monitor`. */
export interface Watched {
  readonly ip: IpObservation;
  /** Values of parameters that `ip` does not tell. */
  readonly sysctls: ReadonlyMap<string, string>;
  readonly nft: string | undefined;
}

/** What to look at besides meshover's own devices. */
export interface ObserveOptions {
  /** Looks at FRR; undefined when FRR is not managed. */
  readonly lookAtFrr?: () => Promise<FrrLook | undefined>;
  /** Kernel parameters to read that `ip` does not tell. */
  readonly sysctls?: readonly string[];
  /** Seen before, and the kernel has told of no change since: not looked at again. */
  readonly watched?: Watched | undefined;
}

async function observeWatched(exec: Exec, sysctls: readonly string[]): Promise<Watched> {
  const [ip, nft] = await Promise.all([observeIp(exec), observeNft(exec)]);
  const keys = [...sysctls, ...ip.network.raDevices.map(acceptRaKey)];
  return { ip, nft, sysctls: await readSysctls(exec, keys) };
}

/** Observes a host; runs no command that writes. */
export async function observe(exec: Exec, options: ObserveOptions = {}): Promise<Observation> {
  const [watched, wg, frr] = await Promise.all([
    options.watched ?? observeWatched(exec, options.sysctls ?? []),
    observeWg(exec),
    options.lookAtFrr?.() ?? Promise.resolve(undefined),
  ]);
  const { ip, nft } = watched;
  const state: HostState = {
    sysctls: new Map([...ip.sysctls, ...watched.sysctls]),
    links: ip.links,
    addresses: ip.addresses,
    routes: ip.routes,
    rules: ip.rules,
    wg: ip.links.has(WG_DEVICE) ? wg?.config : undefined,
    frr: frr && { text: frr.running },
    nft: nft === undefined ? undefined : { text: nft },
  };
  const { network } = ip;
  const counters = wg?.counters ?? new Map();
  return { state, network, counters, watched, sessions: frr?.sessions };
}
