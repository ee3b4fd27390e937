import { type Family, familyOf, fromBigInt, toBigInt, widthOf } from "../model/address.ts";
import { type InterfaceAddress, networkOf, partsOf, type Prefix } from "../model/prefix.ts";

/** A run of addresses of one family, both ends included. */
export interface Span {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

/** All addresses of a prefix. */
export function spanOf(prefix: Prefix): Span {
  const { address, length, family } = partsOf(prefix);
  const first = toBigInt(address);
  return { family, first, last: first + (1n << BigInt(widthOf(family) - length)) - 1n };
}

/** The addresses that nobody else may have when a node has this one: its whole /64 for a /64, itself for a /32. */
export function leasedSpan(address: InterfaceAddress): Span {
  return spanOf(networkOf(address));
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

/** Whether two spans share an address. */
export function spansOverlap(a: Span, b: Span): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** The family of an address with its length. */
export function familyOfAddress(address: InterfaceAddress): Family {
  return familyOf(address);
}
