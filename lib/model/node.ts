import { z } from "zod";
import { type Family, familyOf, tryParseAddress } from "./address.ts";
import { tryParseHostName } from "./host_name.ts";
import type { HostName } from "./host_name.ts";
import type { IpAddress } from "./address.ts";
import { type InterfaceAddress, type Prefix, tryParsePrefix } from "./prefix.ts";
import type { Asn } from "./asn.ts";
import { WG_KEY, type WgKey } from "./wg_key.ts";
import { InputError } from "./errors.ts";
import { parseInterfaceAddress } from "./prefix.ts";

/** How routed packets are carried inside WireGuard, in order of preference. */
export const TUNNEL_KINDS = ["gre", "vxlan"] as const;
/** See {@link TUNNEL_KINDS}. */
export type TunnelKind = typeof TUNNEL_KINDS[number];

/** Which WireGuard a node runs: the kernel's module or wireguard-go. */
export const WG_KINDS = ["kernel", "userspace"] as const;
/** See {@link WG_KINDS}. */
export type WgKind = typeof WG_KINDS[number];

/** Highest node number: five digits are what an interface name has room for (see `plan/names.ts`). */
export const MAX_NODE_NUMBER = 99_999;

function isInterfaceAddress(text: string): boolean {
  try {
    return parseInterfaceAddress(text) === text;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** An address in canonical text. */
export const addressSchema = z.custom<IpAddress>(
  (v) => typeof v === "string" && tryParseAddress(v) === v,
  "expected an IP address in canonical text",
).meta({ type: "string", description: "IPv4 or IPv6 address (RFC 5952 text)" });

/** An address of one family in canonical text. */
function addressOf(family: Family): z.ZodType<IpAddress, IpAddress> {
  return addressSchema.refine((address) => familyOf(address) === family, {
    message: `expected an IPv${family} address`,
    abort: true,
  });
}

/** A prefix in canonical text. */
export const prefixSchema = z.custom<Prefix>(
  (v) => typeof v === "string" && tryParsePrefix(v) === v,
  "expected a prefix in canonical text",
).meta({ type: "string", description: "IPv4 or IPv6 prefix without host bits" });

/** An interface address in canonical text. */
export const interfaceAddressSchema = z.custom<InterfaceAddress>(
  (v) => typeof v === "string" && isInterfaceAddress(v),
  "expected address/length in canonical text",
).meta({ type: "string", description: "address/length" });

/** A host name. */
export const hostNameSchema = z.custom<HostName>(
  (v) => typeof v === "string" && tryParseHostName(v) === v,
  "expected a lower-case host name",
).meta({ type: "string", description: "host name (RFC 1123), lower case" });

/** A WireGuard public key. */
export const wgKeySchema = z.custom<WgKey>(
  (v) => typeof v === "string" && WG_KEY.test(v),
  "expected a WireGuard key",
).meta({ type: "string", description: "Curve25519 public key, base64" });

/** An AS number. */
export const asnSchema = z.custom<Asn>(
  (v) => typeof v === "number" && Number.isInteger(v) && v >= 1 && v <= 4_294_967_294,
  "expected an AS number from 1 to 4294967294",
).meta({ type: "integer", description: "AS number (RFC 6793)" });

/** What a node tells the controller about itself, at enrolment and whenever it changes. */
export const nodeReportSchema = z.object({
  /** WireGuard public key. */
  publicKey: wgKeySchema,
  /** UDP port WireGuard listens on. */
  port: z.int().min(1).max(65535),
  /** Underlay addresses that peers may try, best first. */
  candidates: z.array(addressSchema).max(32),
  /** Tunnel kinds this node can make, best first; both ends take the first of {@link TUNNEL_KINDS} that both have. */
  tunnels: z.array(z.enum(TUNNEL_KINDS)).min(1).max(2),
  /** Which WireGuard it runs. */
  wg: z.enum(WG_KINDS),
  /** MTU of the underlay, bytes. */
  underlayMtu: z.int().min(576).max(65535),
  /** Source prefixes whose traffic leaves through this node. */
  gathers: z.array(prefixSchema).max(64),
  /** Version of meshover it runs. */
  version: z.string().max(64),
});
/** See {@link nodeReportSchema}. */
export type NodeReport = z.infer<typeof nodeReportSchema>;

/** What the controller gives a node for life. */
export const assignmentSchema = z.object({
  /** Unique, never used again; names tunnels and VXLAN ids. */
  number: z.int().min(1).max(MAX_NODE_NUMBER),
  name: hostNameSchema,
  asn: asnSchema,
  /** Addresses of its loopback-like device; at least one. */
  addresses: z.array(interfaceAddressSchema).min(1),
  /** IPv4 address of its WireGuard device, outer address of the tunnels inside it. */
  tunnelAddress: addressOf(4),
  /** IPv6 address of its WireGuard device, where the controller has an IPv6 pool for it. */
  tunnelAddress6: addressOf(6).optional(),
});
/** See {@link assignmentSchema}. */
export type Assignment = z.infer<typeof assignmentSchema>;

/** The addresses of a node's WireGuard device. */
export function tunnelAddressesOf(
  node: Pick<Assignment, "tunnelAddress" | "tunnelAddress6">,
): IpAddress[] {
  return [node.tunnelAddress, node.tunnelAddress6].filter((address) => address !== undefined);
}

/** A node as every other node sees it. */
export const peerSchema = assignmentSchema.extend(nodeReportSchema.shape).extend({
  /** The address that the controller saw the node come from, if it is not among the candidates. */
  seenAddress: addressSchema.nullable(),
  /** Revision of the mesh at which this record last changed. */
  revision: z.int().min(0),
  /** Asks the node itself to make a new secret; nothing to others. */
  rotateSecret: z.literal(true).optional(),
});
/** See {@link peerSchema}. */
export type Peer = z.infer<typeof peerSchema>;
