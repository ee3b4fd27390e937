import type { IpAddress } from "../model/address.ts";
import type { Mesh } from "../model/enrolment_api.ts";
import type { NodeAddRequest, NodeChange } from "../model/nodes_api.ts";
import { PRIVATE_ASN } from "../model/asn.ts";
import type { HostName } from "../model/host_name.ts";
import type { Assignment, NodeReport } from "../model/node.ts";
import { Refusal } from "../model/refusal.ts";
import type { Draw } from "../plan/allocate.ts";
import { chooseHoldings } from "./choose_holdings.ts";
import { insertLeases, leasesOf, releaseLeases } from "./leases.ts";
import { bumpRevision } from "./mesh.ts";
import { bumpNumber, insertNode, nextNumber, nodeByName, requireNode } from "./nodes.ts";
import { forgetRoutesOf } from "./route_decisions.ts";
import type { Tx } from "./sql.ts";

/** Pools to choose from, randomness and time. */
export interface ChangeContext {
  readonly pools: Mesh;
  readonly draw: Draw;
  /** RFC 3339 time in UTC. */
  readonly now: string;
}

/**
 * Reserves a name and what it will get.
 * @throws {Refusal} when the name or what was asked for is taken.
 */
export async function addNode(
  tx: Tx,
  request: NodeAddRequest,
  context: ChangeContext,
): Promise<Assignment> {
  const { name, ...wanted } = request;
  if (await nodeByName(tx, name) !== undefined) {
    throw new Refusal({
      status: 409,
      code: "name_taken",
      detail: `there is a node "${name}" already; change it with \`meshover node set ${name}\``,
    });
  }
  const number = await nextNumber(tx);
  const preferredAsn = PRIVATE_ASN.first + number;
  const holdings = await chooseHoldings(tx, { ...context, wanted, preferredAsn });
  const revision = await bumpNumber(tx, number);
  await insertNode(tx, { ...holdings, number, name, revision, now: context.now });
  return { number, name, ...holdings, addresses: [...holdings.addresses] };
}

/**
 * Changes what a node holds; what it held before rests in quarantine.
 * @throws {Refusal} when there is no such node, or what was asked for is taken.
 */
export async function setNode(
  tx: Tx,
  change: NodeChange & { name: HostName },
  context: ChangeContext,
): Promise<Assignment> {
  const { self } = await requireNode(tx, change.name);
  const wanted = {
    asn: change.asn ?? self.asn,
    addresses: change.addresses ?? self.addresses,
    tunnelAddress: change.tunnelAddress ?? self.tunnelAddress,
    tunnelAddress6: change.tunnelAddress6 ?? self.tunnelAddress6,
  };
  const holdings = await chooseHoldings(tx, {
    ...context,
    wanted,
    preferredAsn: self.asn,
    holder: self.number,
  });
  const leases = leasesOf(holdings);
  await releaseLeases(tx, { number: self.number, now: context.now });
  for (const { first, last } of leases) {
    await tx.run("DELETE FROM lease WHERE number = ? AND first <= ? AND last >= ?", [
      self.number,
      last,
      first,
    ]);
  }
  await insertLeases(tx, { number: self.number, leases });
  await touch(tx, self.number);
  return { ...self, ...holdings, addresses: [...holdings.addresses] };
}

/**
 * Removes a node: its secret is refused from now on, its addresses rest in quarantine.
 * @throws {Refusal} when there is no such node.
 */
export async function removeNode(
  tx: Tx,
  options: { name: HostName; now: string },
): Promise<Assignment> {
  const { self } = await requireNode(tx, options.name);
  await releaseLeases(tx, { number: self.number, now: options.now });
  await forgetRoutesOf(tx, self.number);
  const revision = await bumpRevision(tx);
  await tx.run("UPDATE node SET removed_at = ?, revision = ?, report = NULL WHERE number = ?", [
    options.now,
    revision,
    self.number,
  ]);
  return self;
}

/**
 * Forgets a node's secret: whoever has a valid token may enrol the name next, with its addresses.
 * @throws {Refusal} when there is no such node.
 */
export async function resetNode(tx: Tx, name: HostName): Promise<Assignment> {
  const { self } = await requireNode(tx, name);
  await tx.run(
    "UPDATE node SET secret_hash = NULL, next_secret_hash = NULL, rotation_asked_at = NULL WHERE number = ?",
    [self.number],
  );
  await touch(tx, self.number);
  return self;
}

/** Stores what a node told about itself. */
export async function storeReport(
  tx: Tx,
  options: { number: number; report: NodeReport; seenAddress: IpAddress | null },
): Promise<void> {
  const revision = await bumpRevision(tx);
  await tx.run(
    "UPDATE node SET report = ?, seen_address = ?, revision = ? WHERE number = ? AND removed_at IS NULL",
    [
      JSON.stringify(options.report),
      options.seenAddress,
      revision,
      options.number,
    ],
  );
}

async function touch(tx: Tx, number: number): Promise<void> {
  await tx.run("UPDATE node SET revision = ? WHERE number = ?", [await bumpRevision(tx), number]);
}
