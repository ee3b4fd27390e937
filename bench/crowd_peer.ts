import type { IpAddress } from "../lib/model/address.ts";
import type { Asn } from "../lib/model/asn.ts";
import type { HostName } from "../lib/model/host_name.ts";
import type { Peer } from "../lib/model/node.ts";
import type { InterfaceAddress } from "../lib/model/prefix.ts";
import { VERSION } from "../lib/model/version.ts";
import type { WgKey } from "../lib/model/wg_key.ts";

/** A node that exists on paper only: everything about it follows from its number. */
export function crowdPeer(number: number): Peer {
  const two = `${number >> 8}.${number & 255}`;
  return {
    number,
    name: `far${number}` as HostName,
    asn: 4_200_000_000 + number as Asn,
    addresses: [
      `10.128.${two}/32`,
      `fd00:beef:beef:${number.toString(16)}::1/64`,
    ] as InterfaceAddress[],
    tunnelAddress: `10.192.${two}` as IpAddress,
    // 32 bytes, as a key has.
    publicKey: btoa(String(number).padStart(32, "k")) as WgKey,
    port: 12912,
    candidates: [`198.18.${two}` as IpAddress],
    tunnels: ["gre", "vxlan"],
    wg: "kernel",
    underlayMtu: 1500,
    gathers: [],
    version: VERSION,
    seenAddress: null,
    revision: number,
  };
}
