import { familyOf } from "../model/address.ts";
import { partsOf, type Prefix } from "../model/prefix.ts";

/** For how many nodes a pool has addresses: a node gets one IPv4 address, or an IPv6 /64 of a pool of node addresses. */
export function poolCapacity(pool: Prefix, purpose: "tunnel" | "node"): number {
  const perNode = familyOf(pool) === 4 ? 32 : purpose === "node" ? 64 : 128;
  return 2 ** Math.max(0, perNode - partsOf(pool).length);
}
