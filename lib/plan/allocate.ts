import type { InterfaceAddress, Prefix } from "../model/prefix.ts";
import { partsOf } from "../model/prefix.ts";
import { interfaceAddress, type Span, spanOf } from "./span.ts";

/** A source of random numbers: a whole number from 0 to `below` - 1, all equally likely. */
export type Draw = (below: bigint) => bigint;

/** How a pool is cut into what nodes get. */
export interface PoolShape {
  readonly pool: Prefix;
  /** Length that the address carries on the node: 32, 128 or 64. */
  readonly length: number;
  /** Addresses that one node takes. */
  readonly step: bigint;
  /** First address that can be taken. */
  readonly first: bigint;
  /** How many nodes the pool has room for. */
  readonly size: bigint;
}

/**
 * An IPv4 pool gives single addresses without the network's first and last, an IPv6 pool shorter than /64 gives a /64 a
 * node (`::1` of it on the device), a longer one gives single addresses without the first (the subnet-router anycast
 * address, RFC 4291 §2.6.1). Pools of one or two addresses give all of them.
 */
export function shapeOf(pool: Prefix): PoolShape {
  const { length, family } = partsOf(pool);
  const { first, last } = spanOf(pool);
  if (family === 6 && length < 64) {
    return { pool, length: 64, step: 1n << 64n, first, size: 1n << BigInt(64 - length) };
  }
  const count = last - first + 1n;
  const width = family === 4 ? 32 : 128;
  if (count <= 2n) return { pool, length: width, step: 1n, first, size: count };
  const size = family === 4 ? count - 2n : count - 1n;
  return { pool, length: width, step: 1n, first: first + 1n, size };
}

/** The address of the `index`th place of a pool. */
export function placeOf(shape: PoolShape, index: bigint): InterfaceAddress {
  const base = shape.first + index * shape.step;
  const value = shape.length === 64 ? base + 1n : base;
  return interfaceAddress(value, { family: partsOf(shape.pool).family, length: shape.length });
}

/** A random place of a pool, free or not. */
export function guessPlace(shape: PoolShape, draw: Draw): InterfaceAddress {
  return placeOf(shape, draw(shape.size));
}

/**
 * A free place, each free place being equally likely; `undefined` when the pool is full.
 * `taken` are the leased spans that touch the pool, in any order, without overlap.
 */
export function pickFree(
  shape: PoolShape,
  options: { taken: readonly Span[]; draw: Draw },
): InterfaceAddress | undefined {
  const blocked = blockedRuns(shape, options.taken);
  const used = blocked.reduce((sum, run) => sum + run.last - run.first + 1n, 0n);
  if (used >= shape.size) return undefined;
  let index = options.draw(shape.size - used);
  for (const run of blocked) {
    if (index < run.first) break;
    index += run.last - run.first + 1n;
  }
  return placeOf(shape, index);
}

interface Run {
  readonly first: bigint;
  readonly last: bigint;
}

/** Places of the pool that leases touch, as sorted runs without overlap. */
function blockedRuns(shape: PoolShape, taken: readonly Span[]): Run[] {
  const end = shape.first + shape.size * shape.step - 1n;
  const runs = taken.filter((s) => s.last >= shape.first && s.first <= end).map((s) => ({
    first: (max(s.first, shape.first) - shape.first) / shape.step,
    last: (min(s.last, end) - shape.first) / shape.step,
  })).sort((a, b) => a.first < b.first ? -1 : a.first > b.first ? 1 : 0);
  const merged: Run[] = [];
  for (const run of runs) {
    const before = merged.at(-1);
    if (before === undefined || run.first > before.last) merged.push(run);
    else merged[merged.length - 1] = { first: before.first, last: max(before.last, run.last) };
  }
  return merged;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
