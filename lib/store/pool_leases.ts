import type { Prefix } from "../model/prefix.ts";
import { sortKey, spanOf } from "../plan/span.ts";
import { int, type Reader } from "./sql.ts";

/** How many leases lie in a pool. */
export interface PoolLeases {
  readonly held: number;
  /** Released, and not yet free. */
  readonly inQuarantine: number;
}

/** Counts the leases of a pool. */
export async function countPoolLeases(
  reader: Reader,
  options: { pool: Prefix; purpose: "tunnel" | "node" },
): Promise<PoolLeases> {
  const { first, last, family } = spanOf(options.pool);
  const [row] = await reader.all(
    `SELECT count(*) AS total, count(released_at) AS released FROM lease
      WHERE purpose = ? AND first >= ? AND first <= ?`,
    [options.purpose, sortKey(first, family), sortKey(last, family)],
  );
  const inQuarantine = int(row!, "released");
  return { held: int(row!, "total") - inQuarantine, inQuarantine };
}
