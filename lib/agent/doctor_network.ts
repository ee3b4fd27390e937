import type { HostRoutes } from "../host/doctor_routes.ts";
import { echoes } from "../host/doctor_surroundings.ts";
import type { Exec } from "../host/exec.ts";
import { outwardDevice } from "../host/ip_observe.ts";
import { readSysctls } from "../host/sysctl.ts";
import { messageOf } from "../model/errors.ts";
import { hostOf, type Prefix } from "../model/prefix.ts";
import type { DoctorFacts, ForwardingFact, Ipv6Fact, PathFact } from "../plan/doctor_facts.ts";
import { tunnelName } from "../plan/names.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { findUnderlay, type HostNetwork } from "../plan/underlay.ts";
import type { AgentOptions } from "./options.ts";
import { orElse } from "./or_else.ts";
import { resolveControllers } from "./resolve.ts";

/** Peers whose path is tried. */
const PATHS_TRIED = 5;

/** What finding the underlay needs. */
export interface UnderlayOptions {
  readonly network: HostNetwork;
  readonly options: AgentOptions;
  /** Prefixes of the mesh, which are never underlay. */
  readonly overlay: readonly Prefix[];
}

/** The underlay as the agent would find it, or why there is none. */
export async function underlayFact(
  exec: Exec,
  { network, options, overlay }: UnderlayOptions,
): Promise<Pick<DoctorFacts, "underlay" | "underlayProblem">> {
  const addresses = await orElse(resolveControllers(options.controllers), []);
  const towards = await Promise.all(
    addresses.map((a) => orElse(outwardDevice(exec, a), undefined)),
  );
  const outward = [...network.outwardDevices, ...towards.filter((d) => d !== undefined)];
  try {
    const full = { ...network, outwardDevices: [...new Set(outward)] };
    const underlay = findUnderlay(full, { choices: options.underlay, overlay });
    return { underlay, underlayProblem: undefined };
  } catch (error) {
    return { underlay: undefined, underlayProblem: messageOf(error) };
  }
}

/** Whether new devices get IPv6. */
export async function ipv6Fact(exec: Exec): Promise<Ipv6Fact> {
  const keys = ["all", "default"].map((name) => `net.ipv6.conf.${name}.disable_ipv6`);
  const values = await orElse(readSysctls(exec, keys), new Map<string, string>());
  return { enabled: keys.every((key) => values.get(key) === "0") };
}

/** Forwarding, and the devices that it would take the default route from. */
export async function forwardingFact(
  exec: Exec,
  sysctls: ReadonlyMap<string, string>,
  { advertised }: HostRoutes,
): Promise<ForwardingFact> {
  const key = (dev: string) => `net.ipv6.conf.${dev}.accept_ra`;
  const accepts = await orElse(readSysctls(exec, advertised.map(key)), new Map<string, string>());
  return {
    ipv4: sysctls.get("net.ipv4.ip_forward") === "1",
    ipv6: sysctls.get("net.ipv6.conf.all.forwarding") === "1",
    rpFilter: sysctls.get("net.ipv4.conf.all.rp_filter") ?? "0",
    advertised: new Map(advertised.map((dev) => [dev, accepts.get(key(dev)) ?? "?"])),
  };
}

/** Tries the first few peers by packets small and as large as the tunnel. */
export async function pathFacts(
  exec: Exec,
  peers: Snapshot["peers"],
  mtus: ReadonlyMap<string, number>,
): Promise<readonly PathFact[]> {
  const near = peers.filter((peer) => mtus.has(tunnelName(peer.number))).slice(0, PATHS_TRIED);
  return await Promise.all(near.map(async (peer) => {
    const mtu = mtus.get(tunnelName(peer.number))!;
    const address = hostOf(peer.addresses.find((a) => a.includes(".")) ?? peer.addresses[0]!);
    const small = await echoes(exec, { address, size: 100 });
    const large = small && await echoes(exec, { address, size: mtu });
    return { peer: peer.name, small, large, mtu };
  }));
}
