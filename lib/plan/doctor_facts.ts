import type { Prefix } from "../model/prefix.ts";
import type { Capabilities, Wishes } from "./choose_parts.ts";
import type { Underlay } from "./underlay.ts";

/** A program that was looked for. */
export interface ProgramFact {
  readonly program: string;
  /** Undefined when it is not installed; empty when it says none. */
  readonly version: string | undefined;
}

/** Which FRR the agent is to use, and whether it is there. */
export interface FrrFact {
  readonly backend: "none" | "system" | "docker" | "podman" | "nerdctl";
  /** FRR's version (system) or the engine's; undefined when it is not installed. */
  readonly version: string | undefined;
  /** Only for engines: what it said instead of answering; undefined when it answers. */
  readonly engineError: string | undefined;
  /** Only for `system`: daemons that are not installed. */
  readonly missingDaemons: readonly string[];
}

/** A program, or the kernel, that listens on a port. */
export interface SocketFact {
  /** Name of the program; undefined when the kernel does itself. */
  readonly program: string | undefined;
  /** Address and port as `ss` writes them. */
  readonly local: string;
}

/** A WireGuard device of the host. */
export interface WgDeviceFact {
  readonly name: string;
  /** UDP port. */
  readonly port: number;
}

/** A route of the host, whoever made it. */
export interface RouteFact {
  readonly dst: Prefix;
  readonly dev: string | undefined;
  /** As `ip` writes it: `kernel`, `bgp`, `129`. */
  readonly protocol: string;
  readonly table: string;
}

/** A packet filter chain that drops what no rule accepts. */
export interface DroppingChain {
  readonly hook: "input" | "forward";
  /** In words for a person: `nftables ip filter FORWARD`. */
  readonly name: string;
}

/** What asking the controller came to. */
export interface ControllerFact {
  readonly url: string;
  /** Why it did not answer or was not trusted; undefined when all is well. */
  readonly unreachable: string | undefined;
  /** What it said against this node: removed, unknown secret; undefined when it did not. */
  readonly refusal: string | undefined;
  /** Whether this node has enrolled with it and was known. */
  readonly knowsNode: boolean;
  /** Seconds that this machine's clock is ahead of the controller's; undefined when that was not told. */
  readonly clockAheadS: number | undefined;
}

/** Kernel parameters and routes that forwarding hangs on. */
export interface ForwardingFact {
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  /** rp_filter of `all`: 0, 1 or 2. */
  readonly rpFilter: string;
  /** Devices whose IPv6 default route comes from router advertisements, with their accept_ra. */
  readonly advertised: ReadonlyMap<string, string>;
}

/** IPv6 as far as the overlay needs it. */
export interface Ipv6Fact {
  /** Whether new devices get IPv6: `all` and `default` disable_ipv6 are 0. */
  readonly enabled: boolean;
}

/** What is known of Cilium on this host. */
export interface CiliumFact {
  readonly present: boolean;
  /** Its device for tunnels, when it uses them. */
  readonly tunnelDevice: string | undefined;
  /** The `cilium-config` map, when kubectl could read it. */
  readonly config: Readonly<Record<string, string>> | undefined;
}

/** A ping inside the overlay, small and as large as the tunnel takes. */
export interface PathFact {
  readonly peer: string;
  readonly small: boolean;
  readonly large: boolean;
  /** Bytes of the large packet. */
  readonly mtu: number;
}

/** The agent on this host. */
export interface AgentFact {
  /** Seconds since it wrote its status; undefined when it never did. */
  readonly statusAgeS: number | undefined;
  /** Changes that it could not make. */
  readonly failed: readonly string[];
}

/** The state directory. */
export interface StateDirFact {
  readonly path: string;
  readonly exists: boolean;
  /** Why it cannot be used; undefined when it can. */
  readonly problem: string | undefined;
  /** Whether others than root may look into the directory. */
  readonly open: boolean;
  /** Files with secrets that others than root may read. */
  readonly exposed: readonly string[];
  /** Free bytes of its file system; undefined when unknown. */
  readonly freeBytes: number | undefined;
}

/** What `--coiladvertise` needs of the kernel. */
export interface CoilFact {
  /** Whether it can make VRF devices. */
  readonly canVrf: boolean;
  /** Whether somebody else's device has the name of meshover's VRF. */
  readonly foreignVrf: boolean;
}

/** Everything that the doctor judges. */
export interface DoctorFacts {
  readonly uid: number;
  readonly kernel: string;
  readonly programs: readonly ProgramFact[];
  readonly capabilities: Capabilities;
  /** Kernel modules that are on disk though the kernel would not make the device. */
  readonly modulesOnDisk: readonly string[];
  readonly wishes: Wishes;
  readonly frr: FrrFact;
  /** Whether meshover keeps its own nftables table. */
  readonly firewall: boolean;
  readonly wgPort: number;
  /** Listeners on UDP `wgPort`. */
  readonly udp: readonly SocketFact[];
  /** Listeners on TCP 179. */
  readonly bgp: readonly SocketFact[];
  readonly wgDevices: readonly WgDeviceFact[];
  readonly ipv6: Ipv6Fact;
  /** Undefined when `--underlay` matches nothing; then `underlayProblem` says so. */
  readonly underlay: Underlay | undefined;
  readonly underlayProblem: string | undefined;
  readonly forwarding: ForwardingFact;
  readonly ntpSynchronised: boolean | undefined;
  /** Undefined when no controller is named. */
  readonly controller: ControllerFact | undefined;
  readonly paths: readonly PathFact[];
  /** Prefixes that belong to the mesh. */
  readonly pools: readonly Prefix[];
  /** Addresses of the peers, as prefixes. */
  readonly peerPrefixes: readonly Prefix[];
  readonly routes: readonly RouteFact[];
  readonly dropping: readonly DroppingChain[];
  /** Whether Docker is on this host. */
  readonly docker: boolean;
  readonly cilium: CiliumFact;
  /** Undefined without `--coiladvertise`. */
  readonly coil: CoilFact | undefined;
  readonly agent: AgentFact;
  readonly stateDir: StateDirFact;
}
