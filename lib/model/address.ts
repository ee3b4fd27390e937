import { Address4, Address6 } from "ip-address";
import { InputError } from "./errors.ts";

/** A version of the Internet Protocol. */
export type Family = 4 | 6;

/** An IPv4 or IPv6 address in canonical text (RFC 5952 for IPv6): `10.128.0.1`, `fd00::1`. */
export type IpAddress = string & { readonly __brand: "IpAddress" };

/** Number of bits of an address of `family`. */
export function widthOf(family: Family): 32 | 128 {
  return family === 4 ? 32 : 128;
}

/** The family of a parsed address or prefix. */
export function familyOf(text: string): Family {
  return text.includes(":") ? 6 : 4;
}

/**
 * Reads an address strictly: no leading zeros, no zone, no prefix length.
 * @throws {InputError} naming the value and what is accepted.
 */
export function parseAddress(text: string): IpAddress {
  const address = tryParseAddress(text);
  if (address === undefined) {
    throw new InputError(
      `"${text}" is not an IP address; expected for example 10.128.0.1 or fd00::1`,
    );
  }
  return address;
}

/** Like {@link parseAddress}, but `undefined` for what is not an address. */
export function tryParseAddress(text: string): IpAddress | undefined {
  if (text.includes("/") || text.includes("%") || text.length > 45) return undefined;
  try {
    if (!text.includes(":")) return new Address4(text).correctForm() as IpAddress;
    return new Address6(text).correctForm() as IpAddress;
  } catch {
    return undefined;
  }
}

/** The address as an unsigned integer. */
export function toBigInt(address: IpAddress): bigint {
  return familyOf(address) === 4 ? new Address4(address).bigInt() : new Address6(address).bigInt();
}

/** The address of `family` with this integer value; the value must fit. */
export function fromBigInt(value: bigint, family: Family): IpAddress {
  const address = family === 4 ? Address4.fromBigInt(value) : Address6.fromBigInt(value);
  return address.correctForm() as IpAddress;
}
