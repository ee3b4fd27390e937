import { type Family, type IpAddress, widthOf } from "../model/address.ts";
import {
  contains,
  hostPrefix,
  type InterfaceAddress,
  networkOf,
  partsOf,
  type Prefix,
} from "../model/prefix.ts";

/** The prefixes inside `prefix` whose length is at most `le`; with `le` equal to its own length, `prefix` alone. */
export interface PrefixRange {
  readonly prefix: Prefix;
  readonly le: number;
}

/** Routes that no overlay has a use for: too short, "this network", loopback, link-local, multicast, reserved. */
const BOGONS: readonly string[] = [
  "0.0.0.0/0 le 7",
  "0.0.0.0/8 le 32",
  "127.0.0.0/8 le 32",
  "169.254.0.0/16 le 32",
  "224.0.0.0/3 le 32",
  "::/0 le 15",
  "::/16 le 128",
  "fe80::/10 le 128",
  "ff00::/8 le 128",
];

/** The first of each run of lengths that are refused together around one endpoint. */
const STEPS: Readonly<Record<Family, readonly number[]>> = {
  4: [8, 16, 24, 32],
  6: [16, 32, 48, 56, 64, 96, 128],
};

/**
 * Most ranges that are made from endpoints. FRR 8.4 takes a prefix list one line at a time and checks the whole
 * configuration for each: 100 entries took 1 s, 1,200 took two minutes.
 */
export const MAX_ENDPOINT_RANGES = 96;

/** What {@link neverCarried} needs to know. */
export interface OwnPaths {
  /** Every prefix that tunnel addresses come from. */
  readonly tunnelPools: readonly Prefix[];
  /** Prefixes that are on-link at this node's underlay devices. */
  readonly underlayPrefixes: readonly Prefix[];
  /** Underlay addresses of the peers. */
  readonly endpoints: readonly IpAddress[];
}

function inside(prefix: Prefix): PrefixRange {
  return { prefix, le: widthOf(partsOf(prefix).family) };
}

function bogons(): PrefixRange[] {
  return BOGONS.map((text) => {
    const [prefix, , le] = text.split(" ");
    return { prefix: prefix as Prefix, le: Number(le) };
  });
}

/**
 * Ranges that hold every prefix around `target` (and `target` itself), longest first. One range stands for a run
 * of lengths, so it also holds prefixes beside the target, of the same run: for 203.0.113.5 the /8 to /15 in
 * 203.0.0.0/8, the /16 to /23 in 203.0.0.0/16, the /24 to /31 in 203.0.113.0/24, and the /32. Exact would be one entry a
 * length, which FRR 8.4 cannot take (see {@link MAX_ENDPOINT_RANGES}).
 */
export function rangesAround(target: Prefix): PrefixRange[] {
  const { address, length, family } = partsOf(target);
  const steps = STEPS[family];
  return steps.flatMap((first, index) => {
    if (first > length) return [];
    const last = Math.min((steps[index + 1] ?? first + 1) - 1, length);
    return [{ prefix: networkOf(`${address}/${first}` as InterfaceAddress), le: last }];
  });
}

function holds(outer: PrefixRange, inner: PrefixRange): boolean {
  return outer.le >= inner.le && contains(outer.prefix, inner.prefix);
}

/** The ranges without those that another one holds, sorted. */
function condensed(ranges: readonly PrefixRange[]): PrefixRange[] {
  const unique = [...new Map(ranges.map((range) => [formatRange(range), range])).values()];
  const kept = unique.filter((range) =>
    !unique.some((other) => other !== range && holds(other, range))
  );
  return kept.sort((a, b) => formatRange(a) < formatRange(b) ? -1 : 1);
}

/** Ranges around the endpoints, the widest run of all of them first, as far as the limit goes. */
function aroundEndpoints(endpoints: readonly Prefix[]): PrefixRange[] {
  const all = endpoints.flatMap(rangesAround);
  const distinct = [...new Map(all.map((range) => [formatRange(range), range])).values()];
  const length = (range: PrefixRange) => partsOf(range.prefix).length;
  distinct.sort((a, b) => length(a) - length(b) || (formatRange(a) < formatRange(b) ? -1 : 1));
  return distinct.slice(0, MAX_ENDPOINT_RANGES);
}

/**
 * What may be neither announced nor accepted, because it would carry the overlay's own packets into the overlay
 * (or is no route at all): bogons, tunnel addresses, on-link prefixes of the underlay, and whatever covers a peer's
 * endpoint. What covers an on-link prefix is refused too, although the on-link route is the longer one: a route that waits
 * behind it would take the packets over in the moment in which the underlay device loses its address.
 */
export function neverCarried(paths: OwnPaths): readonly PrefixRange[] {
  const far = paths.endpoints.filter((endpoint) =>
    !paths.underlayPrefixes.some((prefix) => contains(prefix, endpoint))
  );
  return condensed([
    ...bogons(),
    ...[...paths.tunnelPools, ...paths.underlayPrefixes]
      .flatMap((prefix) => [...rangesAround(prefix), inside(prefix)]),
    ...aroundEndpoints([...new Set(far)].sort().map(hostPrefix)),
  ]);
}

/** As FRR writes it in a prefix list: `10.0.0.0/8 le 15`, or the prefix alone. */
export function formatRange({ prefix, le }: PrefixRange): string {
  return le === partsOf(prefix).length ? prefix : `${prefix} le ${le}`;
}

/** The texts of the ranges of one family. */
export function rangesOf(family: Family, ranges: readonly PrefixRange[]): string[] {
  return ranges.filter(({ prefix }) => partsOf(prefix).family === family).map(formatRange);
}

/** Prefixes with everything inside them. */
export function wholePrefixes(prefixes: readonly Prefix[]): readonly PrefixRange[] {
  return condensed(prefixes.map(inside));
}
