import type { IpAddress } from "../model/address.ts";
import { familyOf } from "../model/address.ts";
import type { Prefix } from "../model/prefix.ts";
import { VXLAN_PORT, WG_DEVICE } from "./names.ts";

/** The nftables table that is meshover's, and the only one it touches. */
export const NFT_TABLE = "inet meshover";

/** What the table is made from. */
export interface FirewallInput {
  readonly tunnelAddress: IpAddress;
  /** UDP port that WireGuard listens on. */
  readonly wgPort: number;
  /** Keep BGP, BFD and tunnels to the overlay; off with `--no-firewall`. */
  readonly guard: boolean;
  /** Sources whose packets are translated when they leave the overlay's host to the outside (Coil's pods). */
  readonly natSources: readonly Prefix[];
  /** Devices of default routes. */
  readonly outwardDevices: readonly string[];
}

const OVERLAY = `{ "lo", "${WG_DEVICE}-*" }`;

/** GRE by its number (RFC 2784): its name is in /etc/protocols, which a small system may lack. */
const GRE = 47;

/**
 * Guards what the overlay trusts: BGP (179), BFD (3784, 3785 of RFC 5881, 4784 of RFC 5883) from tunnels only, and
 * tunnel packets to this node only if they came through WireGuard. Every packet of the overlay passes here three times: as
 * WireGuard's, as the tunnel's and as what that carries. So what most packets are is let go first (an `accept` ends this chain,
 * not those of others), and of the rest what most are not is asked first: a device name is looked for in a set of patterns,
 * which takes longer than a port.
 */
function guardRules({ tunnelAddress, wgPort }: FirewallInput): string[] {
  return [
    "  chain input {",
    "    type filter hook input priority filter; policy accept;",
    `    udp dport ${wgPort} accept`,
    "    tcp dport != 179 accept",
    `    meta l4proto ${GRE} iifname "${WG_DEVICE}" accept`,
    `    tcp dport 179 iifname != ${OVERLAY} drop`,
    `    udp dport { 3784, 3785, 4784 } iifname != ${OVERLAY} drop`,
    `    meta l4proto ${GRE} ip daddr ${tunnelAddress} drop`,
    `    udp dport ${VXLAN_PORT} ip daddr ${tunnelAddress} iifname != "${WG_DEVICE}" drop`,
    "  }",
  ];
}

/** TCP connections routed over the overlay take segments that fit the path, though ICMP may be lost on the way. */
function clampRules(): string[] {
  const clamp = "tcp flags syn / syn,rst tcp option maxseg size set rt mtu";
  return [
    "  chain forward {",
    "    type filter hook forward priority mangle; policy accept;",
    `    oifname "${WG_DEVICE}-*" ${clamp}`,
    `    iifname "${WG_DEVICE}-*" ${clamp}`,
    "  }",
  ];
}

function natRules(input: FirewallInput): string[] {
  if (input.natSources.length === 0 || input.outwardDevices.length === 0) return [];
  const devices = input.outwardDevices.map((dev) => `"${dev}"`).join(", ");
  const rule = (family: 4 | 6) => {
    const sources = input.natSources.filter((p) => familyOf(p) === family);
    const word = family === 4 ? "ip" : "ip6";
    return sources.length === 0
      ? []
      : [`    oifname { ${devices} } ${word} saddr { ${sources.join(", ")} } masquerade`];
  };
  return [
    "  chain postrouting {",
    "    type nat hook postrouting priority srcnat; policy accept;",
    ...rule(4),
    ...rule(6),
    "  }",
  ];
}

/** The text of meshover's table, for `nft -f` (nft(8)). */
export function firewallText(input: FirewallInput): string {
  return [
    `table ${NFT_TABLE} {`,
    ...(input.guard ? guardRules(input) : []),
    ...clampRules(),
    ...natRules(input),
    "}",
    "",
  ].join("\n");
}
