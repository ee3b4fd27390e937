import { tryParseAddress } from "../model/address.ts";
import { InputError } from "../model/errors.ts";

/** Where to listen. */
export interface ListenAddress {
  /** Address without brackets. */
  readonly hostname: string;
  /** 0 for any free port. */
  readonly port: number;
}

/**
 * Reads `ADDRESS:PORT`, `[IPV6]:PORT` or `:PORT`.
 * @throws {InputError} naming the value and what is accepted.
 */
export function parseListenAddress(text: string): ListenAddress {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:\[\]]*)):([0-9]{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  const hostname = host === ""
    ? "::"
    : host === "localhost"
    ? "127.0.0.1"
    : tryParseAddress(host ?? "");
  if (hostname === undefined || !(port <= 65_535)) {
    throw new InputError(
      `"${text}" is not an address to listen on; expected for example [::]:8080 or 127.0.0.1:8080`,
    );
  }
  return { hostname, port };
}

/** The address as it stands in a URL. */
export function hostInUrl(hostname: string): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}
