import { type Peer, TUNNEL_KINDS, type TunnelKind } from "../model/node.ts";

/** The tunnel kind that two nodes use: the first of {@link TUNNEL_KINDS} that both offer; undefined when they share none. */
export function tunnelKindOf(
  a: Pick<Peer, "tunnels">,
  b: Pick<Peer, "tunnels">,
): TunnelKind | undefined {
  return TUNNEL_KINDS.find((kind) => a.tunnels.includes(kind) && b.tunnels.includes(kind));
}
