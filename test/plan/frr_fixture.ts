import { parseAddress } from "../../lib/model/address.ts";
import { parseAsn } from "../../lib/model/asn.ts";
import { parseHostName } from "../../lib/model/host_name.ts";
import { parsePrefix } from "../../lib/model/prefix.ts";
import type { FrrInput, FrrTunnel } from "../../lib/plan/frr_conf.ts";

/** The shipped template. */
export const TEMPLATE: string = await Deno.readTextFile(
  new URL("../../conf/frr.conf", import.meta.url),
);

/** A tunnel to the peer of this number. */
export function tunnel(peer: number): FrrTunnel {
  return {
    name: `meshover0-tun${peer}`,
    peerNumber: peer,
    peerName: parseHostName(`node${peer}`),
    peerAsn: parseAsn(String(4_200_000_000 + peer)),
  };
}

/** Node 1 with tunnels to 2 and 3. */
export function frrInput(more: Partial<FrrInput> = {}): FrrInput {
  return {
    hostname: parseHostName("node1"),
    asn: parseAsn("4200000001"),
    routerId: parseAddress("10.128.0.1"),
    nodeAddresses: [parsePrefix("10.128.0.1/32"), parsePrefix("fd00:beef:beef:1::/64")],
    tunnels: [tunnel(2), tunnel(3)],
    underlayDevices: ["eth0"],
    underlayPrefixes: [parsePrefix("192.0.2.0/24")],
    endpoints: [parseAddress("198.51.100.7"), parseAddress("2001:db8:1:2::5")],
    tunnelPools: [parsePrefix("10.192.0.0/12")],
    nodePools: [parsePrefix("10.128.0.0/12"), parsePrefix("fd00:beef:beef::/48")],
    ...more,
  };
}
