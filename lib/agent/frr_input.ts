import { hostOf, networkOf, type Prefix } from "../model/prefix.ts";
import { familyOf, type IpAddress } from "../model/address.ts";
import type { FrrInput } from "../plan/frr_conf.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { neighbours, type Self } from "../plan/topology.ts";
import type { FrrSettings } from "./options.ts";

/** What a node's FRR configuration is made from. */
export interface RenderOptions {
  readonly self: Self;
  readonly snapshot: Snapshot;
  readonly settings: FrrSettings;
  /** Prefixes to originate although FRR does not see their routes. */
  readonly networks: readonly Prefix[];
}

/** BGP wants an IPv4 address for an identifier; without one the tunnel address, which is as unique, does. */
function routerId(self: Self): IpAddress {
  const { addresses, tunnelAddress } = self.assignment;
  return addresses.map(hostOf).find((a) => familyOf(a) === 4) ?? tunnelAddress;
}

/** The input of the template, from what the agent knows. */
export function frrInput({ self, snapshot, settings, networks }: RenderOptions): FrrInput {
  const near = neighbours(self, snapshot.peers);
  return {
    hostname: self.assignment.name,
    asn: self.assignment.asn,
    routerId: routerId(self),
    nodeAddresses: self.assignment.addresses.map(networkOf),
    tunnels: near.map(({ peer, tunnel }) => ({
      name: tunnel.name,
      peerNumber: peer.number,
      peerName: peer.name,
      peerAsn: peer.asn,
    })),
    underlayDevices: self.underlay.devices,
    underlayPrefixes: self.underlay.prefixes,
    tunnelPools: snapshot.mesh.tunnelPools,
    nodePools: snapshot.mesh.nodePools,
    endpoints: snapshot.peers.flatMap((
      peer,
    ) => [...peer.candidates, ...(peer.seenAddress === null ? [] : [peer.seenAddress])]),
    announceAllow: settings.announceAllow,
    announceDeny: settings.announceDeny,
    bfd: settings.bfd,
    networks,
    trust: {
      ...snapshot.routePolicy,
      origins: snapshot.peers.filter(({ number }) => number !== self.assignment.number)
        .map(({ number, asn, addresses }) => ({
          number,
          asn,
          addresses: addresses.map(networkOf),
        })),
    },
  };
}
