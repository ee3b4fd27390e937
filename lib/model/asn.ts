import { InputError } from "./errors.ts";

/** A BGP autonomous system number, 1–4294967295 (RFC 6793). */
export type Asn = number & { readonly __brand: "Asn" };

/** The private 4-byte range (RFC 6996 §5). */
export const PRIVATE_ASN = { first: 4_200_000_000, last: 4_294_967_294 } as const;

/**
 * Reads an AS number in plain notation.
 * @throws {InputError} naming the value and what is accepted.
 */
export function parseAsn(text: string): Asn {
  const value = Number(text);
  if (!/^[1-9][0-9]{0,9}$/.test(text) || value > 4_294_967_294) {
    throw new InputError(`"${text}" is not an AS number; expected 1 to 4294967294`);
  }
  return value as Asn;
}
