import { familyOf } from "../model/address.ts";
import type { Mesh } from "../model/enrolment_api.ts";
import { InputError } from "../model/errors.ts";
import { overlaps, type Prefix } from "../model/prefix.ts";

/**
 * Checks the pools of `--wgaddress` and `--assignaddress`.
 * @throws {InputError} naming the flag, the prefix and what is accepted.
 */
export function checkPools(pools: Mesh): void {
  requireSome(pools.tunnelPools, "--wgaddress");
  requireSome(pools.nodePools, "--assignaddress");
  if (!pools.tunnelPools.some((pool) => familyOf(pool) === 4)) {
    throw new InputError(
      "--wgaddress has no IPv4 prefix; tunnels inside WireGuard need one, for example 10.192.0.0/12",
    );
  }
  const all = [
    ...pools.tunnelPools.map((prefix) => ({ flag: "--wgaddress", prefix })),
    ...pools.nodePools.map((prefix) => ({ flag: "--assignaddress", prefix })),
  ];
  for (const [i, a] of all.entries()) {
    const b = all.slice(i + 1).find((other) => overlaps(a.prefix, other.prefix));
    if (b === undefined) continue;
    throw new InputError(
      `${a.flag} ${a.prefix} and ${b.flag} ${b.prefix} overlap; no address may be in two pools`,
    );
  }
}

function requireSome(prefixes: readonly Prefix[], flag: string): void {
  if (prefixes.length === 0) throw new InputError(`${flag} is empty; expected at least one prefix`);
}
