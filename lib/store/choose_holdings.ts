import { type Family, familyOf, type IpAddress } from "../model/address.ts";
import type { Mesh } from "../model/enrolment_api.ts";
import type { NodeChange } from "../model/nodes_api.ts";
import { type Asn, PRIVATE_ASN } from "../model/asn.ts";
import { hostPrefix, type InterfaceAddress, type Prefix } from "../model/prefix.ts";
import { Refusal } from "../model/refusal.ts";
import { type Draw, guessPlace, pickFree, type PoolShape, shapeOf } from "../plan/allocate.ts";
import { spanOf } from "../plan/span.ts";
import {
  addressLease,
  asnLease,
  holdersOf,
  type Holdings,
  type Lease,
  spansWithin,
} from "./leases.ts";
import type { Reader } from "./sql.ts";

/** Random places that are tried before all leases of a pool are read. */
const GUESSES = 4;

/** How to choose. */
export interface Choice {
  /** Pools in use: one address from each node pool, a tunnel address of each family from its first pool with room. */
  readonly pools: Mesh;
  readonly draw: Draw;
  /** The AS number that is taken when it is free. */
  readonly preferredAsn: number;
  /** What was asked for by name; must be free. */
  readonly wanted: NodeChange;
  /** The node that may already hold what is wanted. */
  readonly holder?: number;
}

/** One thing that is chosen. */
interface Slot {
  lease: Lease;
  /** Another one at random; undefined when it was asked for by name. */
  readonly another: (() => Lease) | undefined;
  /** Looks through the whole pool. @throws {Refusal} when it is full. */
  readonly search: (() => Promise<Lease>) | undefined;
}

/**
 * Chooses what a node gets; stores nothing.
 * @throws {Refusal} when a pool is full, or what was asked for is taken.
 */
export async function chooseHoldings(reader: Reader, choice: Choice): Promise<Holdings> {
  const { pools, wanted } = choice;
  const asn = asnSlot(choice);
  const tunnel = wanted.tunnelAddress === undefined
    ? tunnelSlot(reader, { choice, family: 4 })
    : fixedTunnel(wanted.tunnelAddress);
  const tunnel6 = tunnel6Slots(reader, choice);
  const nodes = wanted.addresses === undefined
    ? pools.nodePools.map((pool) => nodeSlot(reader, { pool, choice }))
    : wanted.addresses.map((address) => fixed(addressLease(address, "node")));
  await settle(reader, { slots: [asn, tunnel, ...tunnel6, ...nodes], holder: choice.holder });
  const [slot6] = tunnel6;
  return {
    asn: Number(asn.lease.value) as Asn,
    addresses: nodes.map((slot) => slot.lease.value as InterfaceAddress),
    tunnelAddress: tunnel.lease.value as IpAddress,
    ...(slot6 === undefined ? {} : { tunnelAddress6: slot6.lease.value as IpAddress }),
  };
}

/** Whether nobody holds any of it. */
export async function areFree(reader: Reader, leases: readonly Lease[]): Promise<boolean> {
  return (await holdersOf(reader, leases)).every((holder) => holder === undefined);
}

/** Replaces what is taken until all slots hold something free: by guessing first, because pools are mostly empty. */
async function settle(
  reader: Reader,
  options: { slots: readonly Slot[]; holder: number | undefined },
): Promise<void> {
  const { slots } = options;
  for (let round = 0;; round++) {
    const holders = await holdersOf(reader, slots.map((slot) => slot.lease));
    const taken = slots.filter((slot, i) =>
      (holders[i] !== undefined && holders[i] !== options.holder) || touchesEarlier(slots, slot)
    );
    if (taken.length === 0) return;
    for (const slot of taken) {
      if (slot.another === undefined || slot.search === undefined) throw leaseTaken(slot.lease);
      slot.lease = round < GUESSES ? slot.another() : await slot.search();
    }
  }
}

function touchesEarlier(slots: readonly Slot[], slot: Slot): boolean {
  const { first, last } = slot.lease;
  return slots.slice(0, slots.indexOf(slot)).some((s) =>
    s.lease.first <= last && first <= s.lease.last
  );
}

function fixed(lease: Lease): Slot {
  return { lease, another: undefined, search: undefined };
}

/** The range is far larger than the most nodes there can be: a random number is free after a few tries. */
function asnSlot({ wanted, preferredAsn, draw }: Choice): Slot {
  if (wanted.asn !== undefined) return fixed(asnLease(wanted.asn));
  const count = BigInt(PRIVATE_ASN.last - PRIVATE_ASN.first + 1);
  const another = () => asnLease(PRIVATE_ASN.first + Number(draw(count)) as Asn);
  return {
    lease: asnLease(preferredAsn as Asn),
    another,
    search: () => Promise.resolve(another()),
  };
}

function fixedTunnel(address: IpAddress): Slot {
  return fixed(addressLease(fullLength(address), "tunnel"));
}

/** An IPv6 tunnel address is given to new nodes where there is a pool for it; a node that is changed keeps what it has. */
function tunnel6Slots(reader: Reader, choice: Choice): Slot[] {
  const { wanted: { tunnelAddress6 }, pools, holder } = choice;
  if (tunnelAddress6 !== undefined) return [fixedTunnel(tunnelAddress6)];
  const none = holder !== undefined || pools.tunnelPools.every((pool) => familyOf(pool) === 4);
  return none ? [] : [tunnelSlot(reader, { choice, family: 6 })];
}

function tunnelSlot(reader: Reader, options: { choice: Choice; family: Family }): Slot {
  const { choice: { pools, draw }, family } = options;
  const candidates = pools.tunnelPools.filter((pool) => familyOf(pool) === family).map(knownShape);
  const another = () => guess(candidates[0]!, { draw, purpose: "tunnel" });
  const search = async () => {
    for (const shape of candidates) {
      const found = await searchPool(reader, { shape, draw });
      if (found !== undefined) return addressLease(found, "tunnel");
    }
    throw poolFull("tunnel", candidates.map((shape) => shape.pool));
  };
  return { lease: another(), another, search };
}

function nodeSlot(reader: Reader, options: { pool: Prefix; choice: Choice }): Slot {
  const { pool, choice: { draw } } = options;
  const shape = knownShape(pool);
  const another = () => guess(shape, { draw, purpose: "node" });
  const search = async () => {
    const found = await searchPool(reader, { shape, draw });
    if (found === undefined) throw poolFull("node", [pool]);
    return addressLease(found, "node");
  };
  return { lease: another(), another, search };
}

const shapes = new Map<Prefix, PoolShape>();

/** Pools are few and every enrolment needs their shapes. */
function knownShape(pool: Prefix): PoolShape {
  const known = shapes.get(pool) ?? shapeOf(pool);
  shapes.set(pool, known);
  return known;
}

function guess(shape: PoolShape, options: { draw: Draw; purpose: "tunnel" | "node" }): Lease {
  return addressLease(guessPlace(shape, options.draw), options.purpose);
}

async function searchPool(
  reader: Reader,
  { shape, draw }: { shape: PoolShape; draw: Draw },
): Promise<InterfaceAddress | undefined> {
  return pickFree(shape, { taken: await spansWithin(reader, spanOf(shape.pool)), draw });
}

function leaseTaken(lease: Lease): Refusal {
  const what = lease.purpose === "asn" ? `AS number ${lease.value}` : `address ${lease.value}`;
  const detail =
    `${what} is held by a node, rests in quarantine after one, or was given twice; choose another`;
  return new Refusal({ status: 409, code: "lease_taken", detail });
}

function poolFull(purpose: "tunnel" | "node", pools: readonly Prefix[]): Refusal {
  const flag = purpose === "tunnel" ? "--wgaddress" : "--assignaddress";
  const rooms = pools.map((pool) => `${pool} (room for ${shapeOf(pool).size})`).join(", ");
  const remedy = purpose === "tunnel" ? "add a prefix to" : "put a larger prefix in its place in";
  return new Refusal({
    status: 409,
    code: "pool_full",
    detail:
      `the ${purpose} address pool ${rooms} is full; ${remedy} the controller's ${flag}, or remove nodes that are gone ` +
      "(their addresses rest for as long as --quarantine says)",
  });
}

/** An address with its full length, /32 or /128. */
export function fullLength(address: IpAddress): InterfaceAddress {
  return hostPrefix(address) as string as InterfaceAddress;
}
