import type { Family, IpAddress } from "../model/address.ts";
import type { InterfaceAddress, Prefix } from "../model/prefix.ts";
import type { WgKey } from "../model/wg_key.ts";

/** What the kinds of device differ in; compared as a whole, because none of it can be changed on a living device. */
export type LinkShape =
  | { readonly kind: "dummy" | "ifb" | "wireguard" | "wireguard-go" }
  | { readonly kind: "vrf"; readonly table: number }
  | { readonly kind: "gre"; readonly local: IpAddress; readonly remote: IpAddress }
  | {
    readonly kind: "vxlan";
    readonly local: IpAddress;
    readonly remote: IpAddress;
    readonly id: number;
    /** UDP port. */
    readonly port: number;
    /** Hardware address. */
    readonly mac: string;
  };

/** A network device of meshover. */
export interface Link {
  readonly name: string;
  readonly shape: LinkShape;
  /** Bytes. */
  readonly mtu: number;
  readonly up: boolean;
}

/** A WireGuard peer. */
export interface WgPeer {
  readonly publicKey: WgKey;
  /** `address:port` or `[address]:port`; absent while none is known. */
  readonly endpoint?: string;
  readonly allowedIps: readonly Prefix[];
  /** Seconds; 0 is off. */
  readonly keepaliveS: number;
  /** Only observed: seconds since 1970 of the last handshake; 0 when there was none. */
  readonly handshakeAt?: number;
}

/** The configuration of the WireGuard device. */
export interface WgConfig {
  readonly publicKey: WgKey | undefined;
  /** UDP port. */
  readonly port: number;
  /** By public key. */
  readonly peers: ReadonlyMap<WgKey, WgPeer>;
}

/** A route of meshover's own protocol number. */
export interface Route {
  readonly dst: Prefix;
  readonly dev: string;
  /** Routing table; the main one unless told. */
  readonly table?: number;
  /** Next hop, where the device does not say it; an IPv6 link-local address also for IPv4. */
  readonly via?: IpAddress;
}

/** What tells a route from others: its table and destination. */
export function routeKey(route: Pick<Route, "dst" | "table">): string {
  return `${route.table ?? "main"} ${route.dst}`;
}

/** A policy rule of meshover's own protocol number. */
export interface Rule {
  readonly family: Family;
  /** `pref` of ip-rule(8). */
  readonly priority: number;
  /** Source; undefined for all packets. */
  readonly from: Prefix | undefined;
  readonly table: number;
  /** Routes of length 0 found by it do not count (`suppress_prefixlength 0`). */
  readonly specificOnly: boolean;
}

/** What tells a rule from others: everything about it. */
export function ruleKey(rule: Rule): string {
  const { family, priority, from, table, specificOnly } = rule;
  return `${family} ${priority} ${from ?? "all"} ${table}${specificOnly ? " specific" : ""}`;
}

/** FRR's configuration: the rendered text when desired, `show running-config` when observed. */
export interface FrrState {
  readonly text: string;
}

/** The table of meshover in nftables: its text when desired, what nft lists when observed. */
export interface NftState {
  readonly text: string;
}

/** Everything on a host that meshover owns; what is desired and what is observed have this one type. */
export interface HostState {
  /** By key, dots as separators: `net.ipv4.ip_forward`. */
  readonly sysctls: ReadonlyMap<string, string>;
  /** By name. */
  readonly links: ReadonlyMap<string, Link>;
  /** By device name; link-local addresses that the kernel makes are left out. */
  readonly addresses: ReadonlyMap<string, ReadonlySet<InterfaceAddress>>;
  /** By {@link routeKey}. */
  readonly routes: ReadonlyMap<string, Route>;
  /** By {@link ruleKey}. */
  readonly rules: ReadonlyMap<string, Rule>;
  /** Undefined while there is no WireGuard device. */
  readonly wg: WgConfig | undefined;
  /** Undefined when FRR is not to be managed, or does not answer. */
  readonly frr: FrrState | undefined;
  /** Undefined while there is no table. */
  readonly nft: NftState | undefined;
}

/** The state of a host without meshover. */
export const EMPTY_STATE: HostState = {
  sysctls: new Map(),
  links: new Map(),
  addresses: new Map(),
  routes: new Map(),
  rules: new Map(),
  wg: undefined,
  frr: undefined,
  nft: undefined,
};
