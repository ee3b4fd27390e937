import type { ControllerClient } from "../client/controller_client.ts";
import { droppingChains } from "../host/doctor_filters.ts";
import { findFrr, findPrograms, modulesOnDisk } from "../host/doctor_programs.ts";
import { allRoutes } from "../host/doctor_routes.ts";
import { listeners, wireguardDevices } from "../host/doctor_sockets.ts";
import { findCilium, kernelRelease, ntpSynchronised, userId } from "../host/doctor_surroundings.ts";
import type { Exec } from "../host/exec.ts";
import { observeIp } from "../host/ip_observe.ts";
import { probeCapabilities } from "../host/probe.ts";
import { probeVrf } from "../host/probe_vrf.ts";
import { tunnelAddressesOf } from "../model/node.ts";
import { hostPrefix, networkOf } from "../model/prefix.ts";
import type { Capabilities } from "../plan/choose_parts.ts";
import { diagnose } from "../plan/doctor.ts";
import type { Check } from "../plan/doctor_check.ts";
import type { DoctorFacts } from "../plan/doctor_facts.ts";
import type { HostNetwork } from "../plan/underlay.ts";
import { askController, type DatedFetch } from "./doctor_controller.ts";
import { allOf } from "./all_of.ts";
import { agentFact, type Memory, peersOf, poolsOf, recallAll } from "./doctor_memory.ts";
import { forwardingFact, ipv6Fact, pathFacts, underlayFact } from "./doctor_network.ts";
import type { AgentOptions } from "./options.ts";
import { orElse } from "./or_else.ts";

const NOTHING: Capabilities = {
  wireguard: false,
  wireguardGo: false,
  gre: false,
  vxlan: false,
  dummy: false,
  ifb: false,
};
const NO_NETWORK: HostNetwork = {
  addresses: [],
  mtus: new Map(),
  outwardDevices: [],
  raDevices: [],
  unseenByFrr: [],
  foreignCoilVrf: false,
};

/** What the doctor needs. */
export interface DoctorOptions {
  readonly exec: Exec;
  readonly options: AgentOptions;
  /** Undefined when no controller is named. The client uses the fetch of `dated`. */
  readonly controller:
    | { readonly client: ControllerClient; readonly dated: DatedFetch }
    | undefined;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

type MachineFacts = Pick<
  DoctorFacts,
  | "uid"
  | "kernel"
  | "programs"
  | "capabilities"
  | "modulesOnDisk"
  | "wishes"
  | "frr"
  | "firewall"
  | "wgPort"
  | "udp"
  | "bgp"
  | "wgDevices"
  | "ipv6"
  | "ntpSynchronised"
  | "dropping"
>;

/** Facts of the machine that hang on nothing else. */
function machineFacts({ exec, options }: DoctorOptions): Promise<MachineFacts> {
  return allOf<MachineFacts>({
    uid: userId(exec),
    kernel: kernelRelease(exec),
    programs: findPrograms(exec),
    capabilities: orElse(probeCapabilities(exec), NOTHING),
    modulesOnDisk: modulesOnDisk(exec, ["wireguard", "ip_gre", "dummy", "vrf"]),
    wishes: options.wishes,
    frr: findFrr(exec, options.frr.backend),
    firewall: options.firewall,
    wgPort: options.wgPort,
    udp: listeners(exec, { protocol: "udp", port: options.wgPort }),
    bgp: listeners(exec, { protocol: "tcp", port: 179 }),
    wgDevices: wireguardDevices(exec),
    ipv6: ipv6Fact(exec),
    ntpSynchronised: ntpSynchronised(exec),
    dropping: droppingChains(exec),
  });
}

async function coilFact(
  exec: Exec,
  { network, options }: { readonly network: HostNetwork; readonly options: AgentOptions },
): Promise<DoctorFacts["coil"]> {
  if (!options.coil.advertise) return undefined;
  return { canVrf: await orElse(probeVrf(exec), false), foreignVrf: network.foreignCoilVrf };
}

/** Facts that `ip` tells, compared with what is known of the mesh. */
async function networkFacts({ exec, options }: DoctorOptions, memory: Memory) {
  const [ip, { routes, advertised }] = await Promise.all([
    orElse(observeIp(exec), undefined),
    allRoutes(exec),
  ]);
  const network = ip?.network ?? NO_NETWORK;
  const devices = [...network.mtus.keys()];
  const peers = peersOf(memory);
  const pools = poolsOf(memory.snapshot);
  return {
    ...await underlayFact(exec, { network, options, overlay: pools }),
    forwarding: await forwardingFact(exec, ip?.sysctls ?? new Map(), { routes, advertised }),
    paths: await pathFacts(exec, peers, network.mtus),
    pools,
    peerPrefixes: peers.flatMap((peer) => [
      ...peer.addresses.map(networkOf),
      ...tunnelAddressesOf(peer).map(hostPrefix),
    ]),
    routes,
    docker: devices.includes("docker0"),
    cilium: await findCilium(exec, devices),
    coil: await coilFact(exec, { network, options }),
  } satisfies Partial<DoctorFacts>;
}

/** Gathers what the doctor judges; runs no command that writes. */
export async function gatherFacts(with_: DoctorOptions): Promise<DoctorFacts> {
  const { exec, options, controller, nowMs } = with_;
  const memory = await recallAll(exec, options.stateDir);
  const { identity, stateDir } = memory;
  const secret = identity?.enrolled === undefined ? undefined : identity.secret;
  const [machine, network, agent, asked] = await Promise.all([
    machineFacts(with_),
    networkFacts(with_, memory),
    agentFact(options.stateDir, nowMs),
    controller === undefined ? undefined : askController({ ...controller, secret }),
  ]);
  return { ...machine, ...network, agent, stateDir, controller: asked };
}

/** Checks what a node needs, and says what to do about what it lacks. */
export async function examine(options: DoctorOptions): Promise<readonly Check[]> {
  return diagnose(await gatherFacts(options));
}
