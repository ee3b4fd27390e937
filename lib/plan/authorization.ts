/** What an `Authorization` header shows. */
export type Presented =
  | { readonly kind: "none" }
  | { readonly kind: "bearer"; readonly secret: string }
  | { readonly kind: "basic"; readonly user: string; readonly password: string }
  | { readonly kind: "malformed" };

/** Longest header that is looked at, characters. */
const MAX_LENGTH = 4096;

/** Reads an `Authorization` header (RFC 9110 §11.6.2, RFC 6750, RFC 7617). */
export function parseAuthorization(header: string | undefined): Presented {
  if (header === undefined || header.trim() === "") return { kind: "none" };
  if (header.length > MAX_LENGTH) return { kind: "malformed" };
  const match = /^(bearer|basic) +([A-Za-z0-9+/=._~-]+)$/i.exec(header.trim());
  if (match === null) return { kind: "malformed" };
  if (match[1]!.toLowerCase() === "bearer") return { kind: "bearer", secret: match[2]! };
  return parseBasic(match[2]!);
}

function parseBasic(encoded: string): Presented {
  try {
    const bytes = Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0));
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const colon = text.indexOf(":");
    if (colon < 0) return { kind: "malformed" };
    return { kind: "basic", user: text.slice(0, colon), password: text.slice(colon + 1) };
  } catch {
    return { kind: "malformed" };
  }
}
