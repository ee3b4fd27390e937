import type { IpAddress } from "../model/address.ts";
import { type Assignment, type NodeReport, type Peer, tunnelAddressesOf } from "../model/node.ts";
import { hostOf, hostPrefix, type InterfaceAddress } from "../model/prefix.ts";
import { familyOf } from "../model/address.ts";
import type { WgKey } from "../model/wg_key.ts";
import { endpointText, isBehindNat, rankEndpoints } from "./endpoint.ts";
import type { Gathering } from "./gathering.ts";
import {
  type FrrState,
  type HostState,
  type Link,
  type LinkShape,
  type NftState,
  type Route,
  routeKey,
  ruleKey,
  type WgPeer,
} from "./host_state.ts";
import { tunnelMtu, wgMtu } from "./mtu.ts";
import {
  COIL_VRF,
  DUMMY_DEVICE,
  linkLocalOf,
  tunnelName,
  VXLAN_PORT,
  vxlanId,
  vxlanMac,
  WG_DEVICE,
} from "./names.ts";
import { tunnelKindOf } from "./pair.ts";
import { desiredSysctls } from "./sysctls.ts";
import type { Underlay } from "./underlay.ts";

/** What this node knows of itself. */
export interface Self {
  readonly assignment: Assignment;
  readonly report: NodeReport;
  readonly underlay: Underlay;
  /** Where the controller saw this node come from, when that is none of its own addresses. */
  readonly seenAddress: IpAddress | null;
  /** Which device stands in for a loopback: `ifb` where the kernel has no dummy. */
  readonly dummy: "dummy" | "ifb";
}

/** Seconds between packets that keep a NAT's mapping open (WireGuard's recommendation). */
export const KEEPALIVE_S = 25;

/** A peer that a tunnel can be made to. */
export interface Neighbour {
  readonly peer: Peer;
  readonly tunnel: Link;
}

function shapeOf(self: Self, peer: Peer): LinkShape | undefined {
  const kind = tunnelKindOf(self.report, peer);
  const ends = { local: self.assignment.tunnelAddress, remote: peer.tunnelAddress };
  if (kind === "gre") return { kind, ...ends };
  if (kind === undefined) return undefined;
  const [a, b] = [self.assignment.number, peer.number];
  return { kind, ...ends, id: vxlanId(a, b), port: VXLAN_PORT, mac: vxlanMac(a, b) };
}

/** The peers that this node has a tunnel to, by node number. Peers without a tunnel kind in common are left out. */
export function neighbours(self: Self, peers: readonly Peer[]): readonly Neighbour[] {
  const out: Neighbour[] = [];
  for (const peer of peers.toSorted((a, b) => a.number - b.number)) {
    const shape = peer.number === self.assignment.number ? undefined : shapeOf(self, peer);
    if (shape === undefined || shape.kind !== "gre" && shape.kind !== "vxlan") continue;
    const mtu = tunnelMtu(Math.min(self.underlay.mtu, peer.underlayMtu), shape.kind);
    out.push({ peer, tunnel: { name: tunnelName(peer.number), shape, mtu, up: true } });
  }
  return out;
}

function wgPeer(self: Self, peer: Peer): WgPeer {
  const endpoint = rankEndpoints(peer, self.underlay)[0];
  const nat = isBehindNat(peer) ||
    isBehindNat({ candidates: self.underlay.candidates, seenAddress: self.seenAddress });
  return {
    publicKey: peer.publicKey,
    ...(endpoint === undefined ? {} : { endpoint: endpointText(endpoint, peer.port) }),
    allowedIps: tunnelAddressesOf(peer).map(hostPrefix),
    keepaliveS: nat || endpoint === undefined ? KEEPALIVE_S : 0,
  };
}

function baseLinks(self: Self): Link[] {
  const wg = self.report.wg === "kernel" ? "wireguard" : "wireguard-go";
  return [
    { name: DUMMY_DEVICE, shape: { kind: self.dummy }, mtu: 1500, up: true },
    { name: WG_DEVICE, shape: { kind: wg }, mtu: wgMtu(self.underlay.mtu), up: true },
  ];
}

const COIL_LINK: Link = {
  name: COIL_VRF.name,
  shape: { kind: "vrf", table: COIL_VRF.table },
  mtu: 65_536,
  up: true,
};

/** A VXLAN's link-local address, made from its hardware address as the kernel would; GRE gets a fixed one from the kernel. */
function linkLocals({ shape }: Link): readonly InterfaceAddress[] {
  return shape.kind === "vxlan" ? [`${linkLocalOf(shape.mac)}/64` as InterfaceAddress] : [];
}

function addressesOf(
  self: Self,
  tunnels: readonly Link[],
): Map<string, ReadonlySet<InterfaceAddress>> {
  const own = self.assignment.addresses;
  const inWireGuard = tunnelAddressesOf(self.assignment)
    .map((a) => hostPrefix(a) as string as InterfaceAddress);
  const onTunnels = own.filter((a) => familyOf(a) === 4).map((a) =>
    hostPrefix(hostOf(a)) as string as InterfaceAddress
  );
  return new Map<string, ReadonlySet<InterfaceAddress>>([
    [DUMMY_DEVICE, new Set(own)],
    [WG_DEVICE, new Set(inWireGuard)],
    ...tunnels.map((t) => [t.name, new Set([...onTunnels, ...linkLocals(t)])] as const),
  ]);
}

/** Parts of the desired state that are planned elsewhere. */
export interface Wishes {
  /** Devices whose default route comes from router advertisements. */
  readonly raDevices: readonly string[];
  /** Make the VRF that Coil's routes are imported from. */
  readonly coilVrf: boolean;
  readonly gathering: Gathering;
  /** Rendered from the template; undefined leaves FRR alone. */
  readonly frr: FrrState | undefined;
  readonly nft: NftState | undefined;
}

/**
 * The state that this host should have. Pure: the same arguments give the same state, and peers' order does not matter.
 */
export function desiredState(
  self: Self,
  peers: readonly Peer[],
  wishes: Wishes,
): HostState {
  const near = neighbours(self, peers);
  const tunnels = near.map((n) => n.tunnel);
  const links = [...baseLinks(self), ...(wishes.coilVrf ? [COIL_LINK] : []), ...tunnels];
  const outer = near.flatMap((n) =>
    tunnelAddressesOf(n.peer).map((a): Route => ({ dst: hostPrefix(a), dev: WG_DEVICE }))
  );
  const routes = [...outer, ...wishes.gathering.routes];
  const wgPeers = near.map((n): [WgKey, WgPeer] => [n.peer.publicKey, wgPeer(self, n.peer)]);
  return {
    sysctls: desiredSysctls(links.map((l) => l.name), {
      raDevices: wishes.raDevices,
      wg: self.report.wg,
    }),
    links: new Map(links.map((l) => [l.name, l])),
    addresses: addressesOf(self, tunnels),
    routes: new Map(routes.map((r) => [routeKey(r), r])),
    rules: new Map(wishes.gathering.rules.map((r) => [ruleKey(r), r])),
    wg: { publicKey: self.report.publicKey, port: self.report.port, peers: new Map(wgPeers) },
    frr: wishes.frr,
    nft: wishes.nft,
  };
}
