import type { ControllerUrl } from "../client/controller_url.ts";
import type { HostName } from "../model/host_name.ts";
import type { Prefix } from "../model/prefix.ts";
import type { Wishes } from "../plan/choose_parts.ts";
import type { TemplateFile } from "../host/template_file.ts";
import type { UnderlayChoice } from "../plan/underlay.ts";

/** Ways to run FRR. */
export const FRR_BACKENDS = ["none", "system", "docker", "podman", "nerdctl"] as const;
/** See {@link FRR_BACKENDS}. */
export type FrrBackendName = typeof FRR_BACKENDS[number];

/** Profiles of BFD: 3 × 300 ms, 5 × 1 s, none. */
export const BFD_PROFILES = ["lan", "wan", "off"] as const;
/** See {@link BFD_PROFILES}. */
export type BfdProfile = typeof BFD_PROFILES[number];

/** Settings of an agent that its surroundings decide. */
export interface AgentOptions {
  readonly controllers: readonly ControllerUrl[];
  /** Only needed to enrol. */
  readonly agentToken: string | undefined;
  readonly hostname: HostName;
  readonly stateDir: string;
  readonly wishes: Wishes;
  /** UDP port of WireGuard. */
  readonly wgPort: number;
  readonly underlay: readonly UnderlayChoice[];
  readonly gathers: readonly Prefix[];
  readonly coil: CoilSettings;
  /** Take everything down when the controller says that this node was removed. */
  readonly leaveWhenRemoved: boolean;
  /** Keep BGP, BFD and tunnel packets to the overlay. */
  readonly firewall: boolean;
  readonly frr: FrrSettings;
}

/** How the node works together with Coil. */
export interface CoilSettings {
  /** Import the address blocks of Coil's table and announce them. */
  readonly advertise: boolean;
  /** Sources whose packets are translated when they leave by a default route. */
  readonly natSources: readonly Prefix[];
}

/** How FRR is run and what it is told. */
export interface FrrSettings {
  readonly backend: FrrBackendName;
  readonly template: TemplateFile;
  /** Container image; undefined for the pinned default. */
  readonly image: string | undefined;
  readonly bfd: BfdProfile;
  /** Prefixes that are announced though a default keeps them back. */
  readonly announceAllow: readonly Prefix[];
  /** Prefixes that are never announced. */
  readonly announceDeny: readonly Prefix[];
}
