import { familyOf, type IpAddress } from "../model/address.ts";
import type { Mesh, NodeChange } from "../model/api.ts";
import { type Asn, PRIVATE_ASN } from "../model/asn.ts";
import { hostOf, hostPrefix, type InterfaceAddress, type Prefix } from "../model/prefix.ts";
import { Refusal } from "../model/refusal.ts";
import { type Draw, guesses, pickFree, type PoolShape, shapeOf } from "../plan/allocate.ts";
import { spanOf } from "../plan/span.ts";
import {
  addressLease,
  asnLease,
  holderOf,
  type Holdings,
  type Lease,
  leasesOf,
  spansWithin,
} from "./leases.ts";
import type { Reader } from "./sql.ts";

/** Random places that are tried before all leases of a pool are read. */
const GUESSES = 4;

/** How to choose. */
export interface Choice {
  /** Pools in use: one address from each node pool, the tunnel address from the first IPv4 tunnel pool with room. */
  readonly pools: Mesh;
  readonly draw: Draw;
  /** The AS number that is taken when it is free. */
  readonly preferredAsn: number;
  /** What was asked for by name; must be free. */
  readonly wanted: NodeChange;
  /** The node that may already hold what is wanted. */
  readonly holder?: number;
}

/**
 * Chooses what a node gets; stores nothing.
 * @throws {Refusal} when a pool is full, or what was asked for is taken.
 */
export async function chooseHoldings(reader: Reader, choice: Choice): Promise<Holdings> {
  const { pools, wanted } = choice;
  const addresses: InterfaceAddress[] = [...(wanted.addresses ?? [])];
  if (wanted.addresses === undefined) {
    for (const pool of pools.nodePools) addresses.push(await fromPool(reader, { pool, choice }));
  }
  const holdings = {
    asn: wanted.asn ?? await freeAsn(reader, choice),
    addresses,
    tunnelAddress: wanted.tunnelAddress ?? await freeTunnelAddress(reader, choice),
  };
  await requireFree(reader, { leases: leasesOf(holdings), holder: choice.holder });
  return holdings;
}

/** Whether nobody holds any of it. */
export async function areFree(reader: Reader, leases: readonly Lease[]): Promise<boolean> {
  for (const lease of leases) {
    if (await holderOf(reader, lease) !== undefined) return false;
  }
  return true;
}

async function requireFree(
  reader: Reader,
  options: { leases: readonly Lease[]; holder: number | undefined },
): Promise<void> {
  const { leases } = options;
  for (const [i, lease] of leases.entries()) {
    const holder = await holderOf(reader, lease);
    const own = leases.some((other, j) =>
      j < i && other.first <= lease.last && lease.first <= other.last
    );
    if (!own && (holder === undefined || holder === options.holder)) continue;
    const what = lease.purpose === "asn" ? `AS number ${lease.value}` : `address ${lease.value}`;
    const why = own
      ? "was given twice"
      : `is held by node number ${holder}, or rests in quarantine after it`;
    throw new Refusal({
      status: 409,
      code: "lease_taken",
      detail: `${what} ${why}; choose another`,
    });
  }
}

async function freeTunnelAddress(reader: Reader, choice: Choice): Promise<IpAddress> {
  const pools = choice.pools.tunnelPools.filter((pool) => familyOf(pool) === 4);
  for (const pool of pools) {
    const found = await tryPool(reader, {
      shape: shapeOf(pool),
      draw: choice.draw,
      purpose: "tunnel",
    });
    if (found !== undefined) return hostOf(found);
  }
  throw poolFull("tunnel", pools);
}

async function fromPool(
  reader: Reader,
  options: { pool: Prefix; choice: Choice },
): Promise<InterfaceAddress> {
  const { pool, choice } = options;
  const found = await tryPool(reader, { shape: shapeOf(pool), draw: choice.draw, purpose: "node" });
  if (found !== undefined) return found;
  throw poolFull("node", [pool]);
}

async function tryPool(
  reader: Reader,
  options: { shape: PoolShape; draw: Draw; purpose: "tunnel" | "node" },
): Promise<InterfaceAddress | undefined> {
  const { shape, draw, purpose } = options;
  for (const guess of guesses(shape, { count: GUESSES, draw })) {
    if (await holderOf(reader, addressLease(guess, purpose)) === undefined) return guess;
  }
  return pickFree(shape, { taken: await spansWithin(reader, spanOf(shape.pool)), draw });
}

async function freeAsn(reader: Reader, choice: Choice): Promise<Asn> {
  const count = BigInt(PRIVATE_ASN.last - PRIVATE_ASN.first + 1);
  let asn = choice.preferredAsn as Asn;
  // The range is far larger than the most nodes there can be: a random one is free after a few tries.
  while (await holderOf(reader, asnLease(asn)) !== undefined) {
    asn = PRIVATE_ASN.first + Number(choice.draw(count)) as Asn;
  }
  return asn;
}

function poolFull(purpose: "tunnel" | "node", pools: readonly Prefix[]): Refusal {
  const flag = purpose === "tunnel" ? "--wgaddress" : "--assignaddress";
  const rooms = pools.map((pool) => `${pool} (room for ${shapeOf(pool).size})`).join(", ");
  const remedy = purpose === "tunnel" ? "add a prefix to" : "put a larger prefix in its place in";
  return new Refusal({
    status: 409,
    code: "pool_full",
    detail:
      `the ${purpose} address pool ${rooms} is full; ${remedy} the controller's ${flag}, or remove nodes that are gone`,
  });
}

/** An address with its full length, /32 or /128. */
export function fullLength(address: IpAddress): InterfaceAddress {
  return hostPrefix(address) as string as InterfaceAddress;
}
