import { fromBigInt, type IpAddress } from "../model/address.ts";
import { MAX_NODE_NUMBER } from "../model/node.ts";
import { InputError } from "../model/errors.ts";

/** The device that holds the node's addresses. */
export const DUMMY_DEVICE = "dummy-meshover0";

/** The WireGuard device. */
export const WG_DEVICE = "meshover0";

/** The VRF that Coil's address blocks are imported from, and its routing table. */
export const COIL_VRF = { name: "coilex", table: 119 } as const;

/** What meshover writes into the alias of a device whose name is not a mark of its own. */
export const OWN_ALIAS = "meshover";

/** UDP port of VXLAN tunnels inside WireGuard; not 4789 or 8472, so that no other VXLAN user of the host is in the way. */
export const VXLAN_PORT = 12913;

/** Protocol number of the routes and rules that meshover puts into the kernel (`ip route … proto`). */
export const ROUTE_PROTOCOL = 129;

function checked(peer: number): number {
  if (!Number.isInteger(peer) || peer < 1 || peer > MAX_NODE_NUMBER) {
    throw new InputError(`${peer} is not a node number; expected 1 to ${MAX_NODE_NUMBER}`);
  }
  return peer;
}

/**
 * The name of the tunnel to a peer. Linux allows 15 characters (IFNAMSIZ − 1), so from the 100th node on the
 * word `tun` gives way to the number: `meshover0-tun99`, `meshover0-100`, `meshover0-20000`.
 */
export function tunnelName(peer: number): string {
  return checked(peer) <= 99 ? `${WG_DEVICE}-tun${peer}` : `${WG_DEVICE}-${peer}`;
}

/** The node number in a tunnel's name; undefined for a device that is not a tunnel of meshover. */
export function peerOfTunnel(name: string): number | undefined {
  const match = /^meshover0-(?:tun([1-9][0-9]?)|([1-9][0-9]{2,4}))$/.exec(name);
  return match === null ? undefined : Number(match[1] ?? match[2]);
}

/** Whether a device is meshover's by its name. */
export function isOwnDevice(name: string): boolean {
  return name === DUMMY_DEVICE || name === WG_DEVICE || peerOfTunnel(name) !== undefined;
}

/**
 * The VXLAN network identifier of the tunnel between two nodes: the same from both ends, and different for every
 * peer of one node, which is all that is needed between two addresses (RFC 7348 §5: 24 bits).
 */
export function vxlanId(a: number, b: number): number {
  return checked(a) + checked(b);
}

/**
 * The hardware address of a node's end of a VXLAN tunnel: locally administered, unicast, and the same every time, so
 * that the link-local address made from it is too. Each number takes 17 bits.
 */
export function vxlanMac(self: number, peer: number): string {
  const bits = (BigInt(checked(self)) << 17n) | BigInt(checked(peer));
  const octets = [0x02, ...[32n, 24n, 16n, 8n, 0n].map((shift) => Number((bits >> shift) & 0xffn))];
  return octets.map((octet) => octet.toString(16).padStart(2, "0")).join(":");
}

/** The link-local address that the kernel makes from a hardware address (RFC 4291, appendix A). */
export function linkLocalOf(mac: string): IpAddress {
  const o = mac.split(":").map((octet) => BigInt(`0x${octet}`));
  const id = [o[0]! ^ 2n, o[1]!, o[2]!, 0xffn, 0xfen, o[3]!, o[4]!, o[5]!];
  return fromBigInt((0xfe80n << 112n) | id.reduce((sum, octet) => (sum << 8n) | octet, 0n), 6);
}
