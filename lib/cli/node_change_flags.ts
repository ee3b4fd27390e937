import { familyOf, parseAddress } from "../model/address.ts";
import { InputError } from "../model/errors.ts";
import type { NodeChange } from "../model/nodes_api.ts";
import { type Asn, parseAsn } from "../model/asn.ts";
import type { IpAddress } from "../model/address.ts";
import { type InterfaceAddress, parseInterfaceAddress } from "../model/prefix.ts";
import { adminFlags } from "./admin_flags.ts";
import { listFlag, valueFlag } from "./flag.ts";

/** Flags that say what a node shall hold. */
export const nodeChangeFlags = {
  ...adminFlags,
  address: listFlag({
    placeholder: "ADDRESS/LENGTH,…",
    summary:
      "its addresses, for example 10.128.0.7/32 or fd00:beef:beef:7::1/64; replaces all of them",
    parse: parseInterfaceAddress,
  }),
  asn: valueFlag("NUMBER", "its AS number", parseAsn),
  "tunnel-address": listFlag({
    placeholder: "ADDRESS,…",
    summary: "its IPv4 address inside WireGuard, its IPv6 address there, or both",
    parse: parseAddress,
  }),
};

/** Values of {@link nodeChangeFlags} that say what a node shall hold. */
export interface NodeChangeValues {
  readonly address: readonly InterfaceAddress[];
  readonly asn: Asn | undefined;
  readonly "tunnel-address": readonly IpAddress[];
}

/**
 * What the flags ask for; what was not given is left out.
 * @throws {InputError} for two tunnel addresses of one family.
 */
export function nodeChangeOf(flags: NodeChangeValues): NodeChange {
  const { address, asn } = flags;
  const tunnel = flags["tunnel-address"];
  const [tunnelAddress, second] = tunnel.filter((a) => familyOf(a) === 4);
  const [tunnelAddress6, second6] = tunnel.filter((a) => familyOf(a) === 6);
  if (second !== undefined || second6 !== undefined) {
    throw new InputError(
      `--tunnel-address ${tunnel.join(",")}: a node has one of each family at most`,
    );
  }
  return {
    ...(address.length === 0 ? {} : { addresses: [...address] }),
    ...(asn === undefined ? {} : { asn }),
    ...(tunnelAddress === undefined ? {} : { tunnelAddress }),
    ...(tunnelAddress6 === undefined ? {} : { tunnelAddress6 }),
  };
}
