import type { RouteDecision, RouteMode } from "../model/route_policy.ts";
import type { Asn } from "../model/asn.ts";
import type { Prefix } from "../model/prefix.ts";

/** Another node, as far as its routes are concerned. */
export interface FrrOrigin {
  readonly number: number;
  readonly asn: Asn;
  /** Its own addresses: nobody else may announce anything inside them. */
  readonly addresses: readonly Prefix[];
}

/** Whose routes are taken. */
export interface FrrTrust {
  readonly mode: RouteMode;
  /** All other nodes. */
  readonly origins: readonly FrrOrigin[];
  readonly decisions: readonly RouteDecision[];
}

/**
 * A path that began in one of these ASes, or in a private one behind it (a router of the operator's that peers with the node).
 * Where nodes themselves have numbers of that kind, nothing may stand behind.
 */
export function originPattern(asns: readonly Asn[], trust: FrrTrust): string {
  const hasPrivate = trust.origins.some((one) => one.asn >= 64_000 && one.asn <= 65_999);
  const any = asns.length === 1 ? asns[0]! : `(${asns.join("|")})`;
  return `_${any}${hasPrivate ? "" : "(_6[45][0-9][0-9][0-9])*"}$`;
}
