import type { TunnelKind } from "../model/node.ts";

/** The smallest MTU that IPv6 works over (RFC 8200 §5), bytes. */
export const MIN_MTU = 1280;

/** What WireGuard adds over IPv6: 40 (IPv6) + 8 (UDP) + 32 (header and tag), bytes. */
export const WG_OVERHEAD = 80;

/** What each tunnel adds inside WireGuard over IPv4: GRE 20 + 4; VXLAN 20 + 8 + 8 + 14 (inner Ethernet), bytes. */
export const TUNNEL_OVERHEAD: Readonly<Record<TunnelKind, number>> = { gre: 24, vxlan: 50 };

/**
 * MTU of the WireGuard device over an underlay of `underlay` bytes; never too small for a tunnel of {@link MIN_MTU}. GRE
 * forbids routers to cut its packets, so what does not fit into the WireGuard device is dropped before it; WireGuard's own
 * packets may be cut.
 */
export function wgMtu(underlay: number): number {
  return Math.max(underlay - WG_OVERHEAD, MIN_MTU + Math.max(...Object.values(TUNNEL_OVERHEAD)));
}

/** MTU of a tunnel whose narrower end has an underlay of `underlay` bytes; never under {@link MIN_MTU}. */
export function tunnelMtu(underlay: number, kind: TunnelKind): number {
  return Math.max(underlay - WG_OVERHEAD - TUNNEL_OVERHEAD[kind], MIN_MTU);
}

/** Whether an underlay is too narrow to carry a tunnel of {@link MIN_MTU} bytes without fragments. */
export function isTooNarrow(underlay: number, kind: TunnelKind): boolean {
  return underlay - WG_OVERHEAD - TUNNEL_OVERHEAD[kind] < MIN_MTU;
}
