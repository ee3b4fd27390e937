import { type Family, fromBigInt, toBigInt, widthOf } from "../model/address.ts";
import { type InterfaceAddress, partsOf, type Prefix } from "../model/prefix.ts";

/** A run of addresses of one family, both ends included. */
export interface Span {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

/** All addresses of the network that a prefix, or an interface address, lies in. */
export function spanOf(prefix: Prefix | InterfaceAddress): Span {
  const { address, length, family } = partsOf(prefix);
  const hostBits = BigInt(widthOf(family) - length);
  const first = (toBigInt(address) >> hostBits) << hostBits;
  return { family, first, last: first + (1n << hostBits) - 1n };
}

/** A key that sorts as the address does, families apart: `4:0a800001`. */
export function sortKey(value: bigint, family: Family): string {
  return `${family}:${value.toString(16).padStart(widthOf(family) / 4, "0")}`;
}

/** Reverses {@link sortKey}. */
export function fromSortKey(key: string): { readonly family: Family; readonly value: bigint } {
  const family: Family = key.startsWith("4:") ? 4 : 6;
  return { family, value: BigInt(`0x${key.slice(2)}`) };
}

/** The address text of a value with a prefix length. */
export function interfaceAddress(
  value: bigint,
  options: { family: Family; length: number },
): InterfaceAddress {
  return `${fromBigInt(value, options.family)}/${options.length}` as InterfaceAddress;
}
