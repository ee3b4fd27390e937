import { InputError } from "./errors.ts";

/** A node's name: lower-case letters, digits, `-` and `.`, at most 253 characters, labels of at most 63 (RFC 1123 §2.1). */
export type HostName = string & { readonly __brand: "HostName" };

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Like {@link parseHostName}, but `undefined` for what is not a name. */
export function tryParseHostName(text: string): HostName | undefined {
  const name = text.toLowerCase();
  if (name.length === 0 || name.length > 253) return undefined;
  return name.split(".").every((label) => LABEL.test(label)) ? name as HostName : undefined;
}

/**
 * Reads a host name; upper case is made lower case (names compare without case, RFC 1123).
 * @throws {InputError} naming the value and what is accepted.
 */
export function parseHostName(text: string): HostName {
  const name = tryParseHostName(text);
  if (name === undefined) {
    throw new InputError(
      `"${text}" is not a host name; expected letters, digits, "-" and ".", for example node1 or a.example.net`,
    );
  }
  return name;
}
