import { type IpAddress, tryParseAddress } from "../model/address.ts";
import { contains, type Prefix } from "../model/prefix.ts";

/** Never an underlay address that a peer could use: loopback, link-local, unspecified, multicast. */
const USELESS = [
  "127.0.0.0/8",
  "169.254.0.0/16",
  "0.0.0.0/8",
  "224.0.0.0/4",
  "::/127",
  "fe80::/10",
  "ff00::/8",
] as Prefix[];

/** The sender's address without a zone, IPv4 out of its IPv6 form; as it is when it is none. */
export function plainAddress(hostname: string): string {
  const bare = hostname.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  const mapped = /^::ffff:([0-9.]+)$/i.exec(bare);
  return mapped?.[1] ?? tryParseAddress(bare) ?? bare;
}

/**
 * The address that the request came from, as an endpoint that peers may try; null when it can be none, because it is
 * local to the controller or an address of the overlay itself.
 */
export function seenAddress(
  source: string,
  options: { overlay: readonly Prefix[] },
): IpAddress | null {
  const address = tryParseAddress(source);
  if (address === undefined) return null;
  return [...USELESS, ...options.overlay].some((prefix) => contains(prefix, address))
    ? null
    : address;
}

/** Plain addresses that were asked for, so that those who come back all the time are not parsed each time. */
const plains = new Map<string, string>();
const MOST_PLAINS = 20_000;

function plain(hostname: string): string {
  const known = plains.get(hostname);
  if (known !== undefined) return known;
  if (plains.size >= MOST_PLAINS) plains.clear();
  const address = plainAddress(hostname);
  plains.set(hostname, address);
  return address;
}

/**
 * Who sent the request: the connection's other end, or, when that is a proxy we trust, the last address in
 * `X-Forwarded-For` that is not one.
 */
export function sourceOf(
  peer: string,
  options: { forwardedFor: string | undefined; trusted: readonly Prefix[] },
): string {
  // Nearly every request: nobody in between says anything.
  if (options.forwardedFor === undefined) return plain(peer);
  const isTrusted = (text: string) => {
    const address = tryParseAddress(text);
    return address !== undefined && options.trusted.some((prefix) => contains(prefix, address));
  };
  const hops = [
    ...(options.forwardedFor ?? "").split(",").map((h) => h.trim()).filter((h) => h !== ""),
    peer,
  ];
  let source = plainAddress(peer);
  for (const hop of hops.reverse().map(plainAddress)) {
    if (tryParseAddress(hop) === undefined) break;
    source = hop;
    if (!isTrusted(hop)) break;
  }
  return source;
}
