import { familyOf, type IpAddress } from "../model/address.ts";
import { contains, parsePrefix, type Prefix } from "../model/prefix.ts";
import type { Underlay } from "./underlay.ts";

/** How a node can be reached. */
export interface Reachable {
  /** Addresses it reports. */
  readonly candidates: readonly IpAddress[];
  /** The address the controller saw it come from, when that is none of its own. */
  readonly seenAddress: IpAddress | null;
}

/** Ranges that are not routed on the internet: RFC 1918, RFC 6598 (shared), RFC 4193 (unique local). */
const PRIVATE: readonly Prefix[] = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "fc00::/7",
].map(
  parsePrefix,
);

/** Whether an address is only good within one site. */
export function isPrivate(address: IpAddress): boolean {
  return PRIVATE.some((prefix) => contains(prefix, address));
}

function rank(address: IpAddress, own: Underlay): number {
  if (own.prefixes.some((prefix) => contains(prefix, address))) return 0;
  const siteOnly = isPrivate(address) ? 10 : 0;
  return 1 + siteOnly + (familyOf(address) === 6 ? 0 : 1);
}

/**
 * Addresses of a peer that this node may send to, best first: one on a network of its own, then public IPv6, public
 * IPv4, then what is private. Only of families that this node has itself.
 */
export function rankEndpoints(peer: Reachable, own: Underlay): readonly IpAddress[] {
  const families = new Set(own.candidates.map(familyOf));
  const all = peer.seenAddress === null ? peer.candidates : [...peer.candidates, peer.seenAddress];
  const usable = [...new Set(all)].filter((a) => families.has(familyOf(a)));
  const order = new Map(usable.map((a, i) => [a, i]));
  return usable.toSorted((a, b) => rank(a, own) - rank(b, own) || order.get(a)! - order.get(b)!);
}

/** An endpoint as `wg` writes it: `192.0.2.1:12912`, `[2001:db8::1]:12912`. */
export function endpointText(address: IpAddress, port: number): string {
  return familyOf(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Whether peers see this node come from an address that it does not have itself: something translates between. */
export function isBehindNat(node: Reachable): boolean {
  return node.seenAddress !== null && !node.candidates.includes(node.seenAddress);
}
