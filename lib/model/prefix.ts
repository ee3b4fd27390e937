import {
  type Family,
  familyOf,
  fromBigInt,
  type IpAddress,
  toBigInt,
  tryParseAddress,
  widthOf,
} from "./address.ts";
import { InputError } from "./errors.ts";

/** A network prefix in canonical text with no host bits set: `10.128.0.0/12`, `fd00:beef::/48`. */
export type Prefix = string & { readonly __brand: "Prefix" };

/** An address of an interface with its prefix length, host bits kept: `fd00:beef:beef:1::1/64`. */
export type InterfaceAddress = string & { readonly __brand: "InterfaceAddress" };

/** The two halves of `address/length`. */
export interface PrefixParts {
  readonly address: IpAddress;
  readonly length: number;
  readonly family: Family;
}

function split(text: string): PrefixParts | undefined {
  const [host, length, ...rest] = text.split("/");
  if (host === undefined || length === undefined || rest.length > 0) return undefined;
  if (!/^(0|[1-9][0-9]{0,2})$/.test(length)) return undefined;
  const address = tryParseAddress(host);
  if (address === undefined) return undefined;
  const family = familyOf(address);
  return Number(length) > widthOf(family) ? undefined : { address, length: Number(length), family };
}

/** The parts of a parsed prefix or interface address. */
export function partsOf(prefix: Prefix | InterfaceAddress): PrefixParts {
  return split(prefix)!;
}

function networkValue({ address, length, family }: PrefixParts): bigint {
  const hostBits = BigInt(widthOf(family) - length);
  return (toBigInt(address) >> hostBits) << hostBits;
}

/**
 * Reads a prefix strictly: both parts present, no host bits set.
 * @throws {InputError} naming the value, and the prefix that was probably meant.
 */
export function parsePrefix(text: string): Prefix {
  const parts = split(text);
  if (parts === undefined) {
    throw new InputError(
      `"${text}" is not a prefix; expected for example 10.128.0.0/12 or fd00:beef::/48`,
    );
  }
  const network = `${fromBigInt(networkValue(parts), parts.family)}/${parts.length}` as Prefix;
  if (`${parts.address}/${parts.length}` !== network) {
    throw new InputError(
      `"${text}" has bits set after its length of ${parts.length}; did you mean ${network}?`,
    );
  }
  return network;
}

/** Like {@link parsePrefix}, but `undefined` for what is not a prefix. */
export function tryParsePrefix(text: string): Prefix | undefined {
  try {
    return parsePrefix(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads `address/length`, keeping the host bits.
 * @throws {InputError} naming the value and what is accepted.
 */
export function parseInterfaceAddress(text: string): InterfaceAddress {
  const parts = split(text);
  if (parts === undefined) {
    throw new InputError(
      `"${text}" is not an address with a length; expected for example 10.128.0.1/32`,
    );
  }
  return `${parts.address}/${parts.length}` as InterfaceAddress;
}

/** The prefix that an interface address lies in. */
export function networkOf(address: InterfaceAddress | Prefix): Prefix {
  const parts = partsOf(address);
  return `${fromBigInt(networkValue(parts), parts.family)}/${parts.length}` as Prefix;
}

/** The address of an interface address, without its length. */
export function hostOf(address: InterfaceAddress): IpAddress {
  return partsOf(address).address;
}

/** An address as the prefix that holds it alone (/32 or /128). */
export function hostPrefix(address: IpAddress): Prefix {
  return `${address}/${widthOf(familyOf(address))}` as Prefix;
}

/** Whether `outer` holds `inner` (an address, or a prefix of the same family). */
export function contains(outer: Prefix, inner: Prefix | IpAddress): boolean {
  const o = partsOf(outer);
  const i = inner.includes("/")
    ? partsOf(inner as Prefix)
    : partsOf(hostPrefix(inner as IpAddress));
  if (o.family !== i.family || i.length < o.length) return false;
  const shift = BigInt(widthOf(o.family) - o.length);
  return toBigInt(o.address) >> shift === toBigInt(i.address) >> shift;
}

/** Whether two prefixes share an address. */
export function overlaps(a: Prefix, b: Prefix): boolean {
  return contains(a, b) || contains(b, a);
}
