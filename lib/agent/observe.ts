import type { Exec } from "../host/exec.ts";
import { observeIp } from "../host/ip_observe.ts";
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
}

/** What to look at besides meshover's own devices. */
export interface ObserveOptions {
  /** Reads FRR's running configuration; undefined when FRR is not managed. */
  readonly frrRunning?: () => Promise<string | undefined>;
  /** Kernel parameters to read that `ip` does not tell. */
  readonly sysctls?: readonly string[];
}

/** Observes a host; runs no command that writes. */
export async function observe(exec: Exec, options: ObserveOptions = {}): Promise<Observation> {
  const [ip, wg, nft, text] = await Promise.all([
    observeIp(exec),
    observeWg(exec),
    observeNft(exec),
    options.frrRunning?.() ?? Promise.resolve(undefined),
  ]);
  const keys = [...options.sysctls ?? [], ...ip.network.raDevices.map(acceptRaKey)];
  const extra = await readSysctls(exec, keys);
  const state: HostState = {
    sysctls: new Map([...ip.sysctls, ...extra]),
    links: ip.links,
    addresses: ip.addresses,
    routes: ip.routes,
    rules: ip.rules,
    wg: ip.links.has(WG_DEVICE) ? wg?.config : undefined,
    frr: text === undefined ? undefined : { text },
    nft: nft === undefined ? undefined : { text: nft },
  };
  return { state, network: ip.network, counters: wg?.counters ?? new Map() };
}
