import { familyOf, type IpAddress } from "../model/address.ts";
import type { Asn } from "../model/asn.ts";
import { type Assignment, tunnelAddressesOf } from "../model/node.ts";
import { hostOf, hostPrefix, type InterfaceAddress } from "../model/prefix.ts";
import { fromSortKey, sortKey, type Span, spanOf } from "../plan/span.ts";
import { int, type Reader, type Row, text, type Tx } from "./sql.ts";

/** What a lease is for. */
export type Purpose = "tunnel" | "node" | "asn";

/** One thing that a node holds alone. */
export interface Lease {
  readonly purpose: Purpose;
  readonly value: string;
  readonly first: string;
  readonly last: string;
}

/** Leases of a node's addresses, tunnel address and AS number. */
export interface Holdings {
  readonly asn: Asn;
  readonly addresses: readonly InterfaceAddress[];
  readonly tunnelAddress: IpAddress;
  readonly tunnelAddress6?: IpAddress | undefined;
}

/** The leases that holdings are stored as. */
export function leasesOf(holdings: Holdings): Lease[] {
  return [
    asnLease(holdings.asn),
    ...tunnelAddressesOf(holdings).map((a) =>
      addressLease(hostPrefix(a) as string as InterfaceAddress, "tunnel")
    ),
    ...holdings.addresses.map((a) => addressLease(a, "node")),
  ];
}

/** The lease of an AS number. */
export function asnLease(asn: Asn): Lease {
  const key = `a:${asn.toString(16).padStart(8, "0")}`;
  return { purpose: "asn", value: String(asn), first: key, last: key };
}

/**
 * The lease of an address: the whole /64 for a /64, itself for a /32 or /128. A tunnel address comes with its full
 * length.
 */
export function addressLease(address: InterfaceAddress, purpose: "tunnel" | "node"): Lease {
  const span = spanOf(address);
  const value = purpose === "tunnel" ? hostOf(address) : address;
  return {
    purpose,
    value,
    first: sortKey(span.first, span.family),
    last: sortKey(span.last, span.family),
  };
}

/**
 * For each lease the number of the node that holds something of it, quarantine included; undefined when it is free.
 * Leases never overlap, so the last one that begins before the end of the span is the only one that can touch it.
 */
export async function holdersOf(
  reader: Reader,
  leases: readonly Lease[],
): Promise<(number | undefined)[]> {
  const before = "SELECT last, number FROM lease WHERE first <= ? ORDER BY first DESC LIMIT 1";
  const sql = leases.map((_, i) => `SELECT ${i} AS i, last, number FROM (${before})`).join(
    " UNION ALL ",
  );
  const rows = leases.length === 0 ? [] : await reader.all(sql, leases.map((lease) => lease.last));
  const holders: (number | undefined)[] = leases.map(() => undefined);
  for (const row of rows) {
    const i = int(row, "i");
    if (text(row, "last") >= leases[i]!.first) holders[i] = int(row, "number");
  }
  return holders;
}

/** All leased spans that touch the span. */
export async function spansWithin(reader: Reader, span: Span): Promise<Span[]> {
  const [first, last] = [sortKey(span.first, span.family), sortKey(span.last, span.family)];
  const rows = await reader.all("SELECT first, last FROM lease WHERE first <= ? AND last >= ?", [
    last,
    first,
  ]);
  return rows.map((row) => {
    const start = fromSortKey(text(row, "first"));
    return { family: start.family, first: start.value, last: fromSortKey(text(row, "last")).value };
  });
}

/** Stores the leases of a node. The database refuses what anyone else holds. */
export async function insertLeases(
  tx: Tx,
  options: { number: number; leases: readonly Lease[] },
): Promise<void> {
  const { number, leases } = options;
  await tx.run(
    `INSERT INTO lease VALUES ${leases.map(() => "(?, ?, ?, ?, ?, ?, NULL)").join(", ")}`,
    leases.flatMap((
      { first, last, purpose, value },
      i,
    ) => [first, last, purpose, i, value, number]),
  );
}

/** Puts all leases of a node into quarantine. */
export async function releaseLeases(
  tx: Tx,
  options: { number: number; now: string },
): Promise<void> {
  await tx.run("UPDATE lease SET released_at = ? WHERE number = ? AND released_at IS NULL", [
    options.now,
    options.number,
  ]);
}

/** Frees what was released before `before` (RFC 3339). */
export async function endQuarantine(tx: Tx, before: string): Promise<void> {
  await tx.run("DELETE FROM lease WHERE released_at < ?", [before]);
}

/** Holdings from the rows of one node, in the order in which they were given. */
export function holdingsOf(
  rows: readonly Row[],
): Pick<Assignment, "asn" | "addresses" | "tunnelAddress" | "tunnelAddress6"> {
  const sorted = rows.toSorted((a, b) => (a.position as number) - (b.position as number));
  const values = (purpose: Purpose) =>
    sorted.filter((r) => r.purpose === purpose).map((r) => text(r, "value"));
  const tunnel = values("tunnel") as IpAddress[];
  const tunnelAddress6 = tunnel.find((address) => familyOf(address) === 6);
  return {
    asn: Number(values("asn")[0]) as Asn,
    addresses: values("node") as InterfaceAddress[],
    tunnelAddress: tunnel.find((address) => familyOf(address) === 4)!,
    ...(tunnelAddress6 === undefined ? {} : { tunnelAddress6 }),
  };
}
