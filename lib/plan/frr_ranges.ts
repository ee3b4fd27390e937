import {
  type Family,
  familyOf,
  fromBigInt,
  type IpAddress,
  toBigInt,
  widthOf,
} from "../model/address.ts";
import { hostPrefix, partsOf, type Prefix } from "../model/prefix.ts";
import { type Span, spanOf } from "./span.ts";

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
 * Most ranges that are made from endpoints: those of about 400 sites with both families, far apart. FRR 8.4 takes a tenth of a second for twenty of
 * them when its lists are short (see `frr_guard.ts`), and lists them at every look.
 */
export const MAX_ENDPOINT_RANGES = 4096;

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

/** A range in numbers: making text of an address costs more than everything else here. */
interface NumericRange {
  readonly family: Family;
  /** First address. */
  readonly network: bigint;
  readonly length: number;
  readonly le: number;
}

function numericRangesAround(target: Prefix): NumericRange[] {
  const { address, length, family } = partsOf(target);
  const steps = STEPS[family];
  const value = toBigInt(address);
  return steps.flatMap((first, index) => {
    if (first > length) return [];
    const hostBits = BigInt(widthOf(family) - first);
    const le = Math.min((steps[index + 1] ?? first + 1) - 1, length);
    return [{ family, network: (value >> hostBits) << hostBits, length: first, le }];
  });
}

function written({ family, network, length, le }: NumericRange): PrefixRange {
  return { prefix: `${fromBigInt(network, family)}/${length}` as Prefix, le };
}

/**
 * Ranges that hold every prefix around `target` (and `target` itself), shortest first. One range stands for a run
 * of lengths, so it also holds prefixes beside the target, of the same run: for 203.0.113.5 the /8 to /15 in
 * 203.0.0.0/8, the /16 to /23 in 203.0.0.0/16, the /24 to /31 in 203.0.113.0/24, and the /32. Exact would be one entry a
 * length, six times as many (see {@link MAX_ENDPOINT_RANGES}).
 */
export function rangesAround(target: Prefix): PrefixRange[] {
  return numericRangesAround(target).map(written);
}

/** A range with what comparing needs, worked out once. */
interface Measured {
  readonly range: PrefixRange;
  readonly text: string;
  readonly length: number;
  readonly span: Span;
}

function measured(range: PrefixRange): Measured {
  const { length } = partsOf(range.prefix);
  return { range, text: formatRange(range), length, span: spanOf(range.prefix) };
}

function networkKey(family: Family, first: bigint, length: number): string {
  const hostBits = BigInt(widthOf(family) - length);
  return `${family}/${length}/${first >> hostBits}`;
}

/** The ranges without those that another one holds, sorted by their text. */
function condensed(ranges: readonly PrefixRange[]): PrefixRange[] {
  const unique = [...new Map(ranges.map((range) => [formatRange(range), range])).values()]
    .map(measured);
  const longest = new Map<string, number>();
  for (const { span, length, range } of unique) {
    const key = networkKey(span.family, span.first, length);
    longest.set(key, Math.max(longest.get(key) ?? 0, range.le));
  }
  const lengths = [...new Set(unique.map(({ length }) => length))].sort((a, b) => a - b);
  const isHeld = ({ span, length, range }: Measured) =>
    lengths.some((outer) => {
      if (outer > length) return false;
      const le = longest.get(networkKey(span.family, span.first, outer));
      return le !== undefined && (outer < length ? le >= range.le : le > range.le);
    });
  return unique.filter((one) => !isHeld(one))
    .sort((a, b) => a.text < b.text ? -1 : 1)
    .map(({ range }) => range);
}

function compareNumeric(a: NumericRange, b: NumericRange): number {
  if (a.length !== b.length) return a.length - b.length;
  if (a.family !== b.family) return a.family - b.family;
  return a.network < b.network ? -1 : a.network > b.network ? 1 : 0;
}

/** Ranges around the endpoints, the widest run of all of them first, as far as the limit goes. */
function aroundEndpoints(endpoints: readonly IpAddress[]): PrefixRange[] {
  return endpoints.map(hostPrefix).flatMap(numericRangesAround)
    .sort(compareNumeric)
    .filter((range, index, all) => index === 0 || compareNumeric(range, all[index - 1]!) !== 0)
    .slice(0, MAX_ENDPOINT_RANGES)
    .map(written);
}

/**
 * What may be neither announced nor accepted, because it would carry the overlay's own packets into the overlay
 * (or is no route at all): bogons, tunnel addresses, on-link prefixes of the underlay, and whatever covers a peer's
 * endpoint. What covers an on-link prefix is refused too, although the on-link route is the longer one: a route that waits
 * behind it would take the packets over in the moment in which the underlay device loses its address.
 */
export function neverCarried(paths: OwnPaths): readonly PrefixRange[] {
  const onLink = paths.underlayPrefixes.map(spanOf);
  const far = paths.endpoints.filter((endpoint) => {
    const { family, first } = spanOf(hostPrefix(endpoint));
    return !onLink.some((span) =>
      span.family === family && span.first <= first && first <= span.last
    );
  });
  return condensed([
    ...bogons(),
    ...[...paths.tunnelPools, ...paths.underlayPrefixes]
      .flatMap((prefix) => [...rangesAround(prefix), inside(prefix)]),
    ...aroundEndpoints([...new Set(far)]),
  ]);
}

/** As FRR writes it in a prefix list: `10.0.0.0/8 le 15`, or the prefix alone. */
export function formatRange({ prefix, le }: PrefixRange): string {
  return prefix.endsWith(`/${le}`) ? prefix : `${prefix} le ${le}`;
}

/** The texts of the ranges of one family. */
export function rangesOf(family: Family, ranges: readonly PrefixRange[]): string[] {
  return ranges.filter(({ prefix }) => familyOf(prefix) === family).map(formatRange);
}

/** Prefixes with everything inside them. */
export function wholePrefixes(prefixes: readonly Prefix[]): readonly PrefixRange[] {
  return condensed(prefixes.map(inside));
}
