import { InputError } from "../model/errors.ts";

/** The CA that a controller's certificate must come from: its SHA-256 fingerprint, or the certificate itself. */
export type ControllerCa =
  | { readonly kind: "fingerprint"; readonly sha256: string }
  | { readonly kind: "certificate"; readonly pem: string };

/** Begins a fingerprint. */
const PREFIX = "sha256:";

/**
 * Reads what `--controller-ca` takes: `sha256:HEX` (colons between the bytes are fine), or the text of a PEM file.
 * @throws {InputError} for what is neither.
 */
export function parseControllerCa(text: string): ControllerCa {
  if (text.toLowerCase().startsWith(PREFIX)) {
    const sha256 = text.slice(PREFIX.length).replaceAll(":", "").toLowerCase();
    if (/^[0-9a-f]{64}$/.test(sha256)) return { kind: "fingerprint", sha256 };
    throw new InputError(
      `"${text}" is not a fingerprint; expected sha256: and 64 hexadecimal digits`,
    );
  }
  const pem = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/.exec(text)
    ?.[0];
  if (pem !== undefined) return { kind: "certificate", pem };
  throw new InputError("the CA of the controller is neither sha256:… nor a PEM certificate");
}
