import type { IpAddress } from "../../lib/model/address.ts";
import type { Asn } from "../../lib/model/asn.ts";
import type { HostName } from "../../lib/model/host_name.ts";
import type { Peer } from "../../lib/model/node.ts";
import type { InterfaceAddress, Prefix } from "../../lib/model/prefix.ts";
import type { WgKey } from "../../lib/model/wg_key.ts";
import type { Self, Wishes } from "../../lib/plan/topology.ts";

/** A WireGuard key that is easy to tell from others. */
export function key(number: number): WgKey {
  return `${String(number).padStart(42, "K")}A=` as WgKey;
}

/** Node `number` of a mesh on 192.0.2.0/24 and 2001:db8::/64. */
export function peer(number: number, change: Partial<Peer> = {}): Peer {
  return {
    number,
    name: `node${number}` as HostName,
    asn: 4_200_000_000 + number as Asn,
    addresses: [`10.128.0.${number}/32`, `fd00:beef:beef:${number}::1/64`] as InterfaceAddress[],
    tunnelAddress: `10.192.0.${number}` as IpAddress,
    publicKey: key(number),
    port: 12912,
    candidates: [`2001:db8::${number}`, `192.0.2.${number}`] as IpAddress[],
    tunnels: ["gre", "vxlan"],
    wg: "kernel",
    underlayMtu: 1500,
    gathers: [],
    version: "0.1.0",
    seenAddress: null,
    revision: number,
    ...change,
  };
}

/** Node `number` as it knows itself. */
export function self(number: number, change: Partial<Self> = {}): Self {
  const record = peer(number);
  return {
    assignment: record,
    report: record,
    underlay: {
      candidates: record.candidates,
      devices: ["eth0"],
      prefixes: ["192.0.2.0/24", "2001:db8::/64"] as Prefix[],
      mtu: 1500,
    },
    seenAddress: null,
    dummy: "dummy",
    ...change,
  };
}

/** A desired state without gathering, FRR and nftables. */
export const none: Wishes = {
  raDevices: [],
  coilVrf: false,
  gathering: { rules: [], routes: [] },
  frr: undefined,
  nft: undefined,
};
