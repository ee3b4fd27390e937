import { InputError } from "./errors.ts";

/** A Curve25519 key as `wg` prints it: 44 characters of base64, 32 bytes. */
export type WgKey = string & { readonly __brand: "WgKey" };

/** What a WireGuard key looks like in text; the last character before `=` carries 4 bits only. */
export const WG_KEY = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

/**
 * Reads a key.
 * @throws {InputError} without quoting the value, which may be a private key.
 */
export function parseWgKey(text: string): WgKey {
  if (!WG_KEY.test(text)) {
    throw new InputError(
      `Not a WireGuard key; expected 44 characters of base64, as "wg genkey" prints`,
    );
  }
  return text as WgKey;
}
