import type { IpAddress } from "../model/address.ts";
import type { EnrolRequest, Mesh } from "../model/api.ts";
import { PRIVATE_ASN } from "../model/asn.ts";
import type { Assignment } from "../model/node.ts";
import { contains, networkOf } from "../model/prefix.ts";
import { admitEnrol } from "../plan/admit_enrol.ts";
import type { Draw } from "../plan/allocate.ts";
import { insertAudit } from "./audit.ts";
import { areFree, chooseHoldings, fullLength } from "./choose_holdings.ts";
import { leasesOf } from "./leases.ts";
import { bumpRevision, readMesh } from "./mesh.ts";
import {
  insertNode,
  nodeByName,
  type NodeRecord,
  numberUsed,
  secretState,
  takeNumber,
} from "./nodes.ts";
import type { Tx } from "./sql.ts";
import { countUse, tokenByHash } from "./tokens.ts";

/** One enrolment, with everything that is not decided by the database. */
export interface EnrolCall {
  readonly request: Omit<EnrolRequest, "secret">;
  readonly secretHash: string;
  readonly tokenHash: string;
  readonly seenAddress: IpAddress | null;
  readonly pools: Mesh;
  readonly draw: Draw;
  /** RFC 3339 time in UTC. */
  readonly now: string;
  /** Address that the request came from, for the audit log. */
  readonly source: string;
}

/**
 * Binds a name to a secret and gives it its addresses; the same name and secret again get the same.
 * @throws {Refusal} when it may not enrol, or a pool is full.
 */
export async function enrol(tx: Tx, call: EnrolCall): Promise<Assignment> {
  const { request, secretHash, now } = call;
  const token = await tokenByHash(tx, call.tokenHash);
  const holder = await nodeByName(tx, request.name);
  const secretHashes = [holder?.secretHash, holder?.nextSecretHash].filter((hash) =>
    typeof hash === "string"
  );
  const verdict = admitEnrol({
    name: request.name,
    secretHash,
    token,
    holder: holder === undefined ? undefined : { secretHashes },
    secretState: await secretState(tx, secretHash),
    now,
  });
  if (verdict === "repeat") return await refresh(tx, { call, node: holder! });
  const self = holder?.self ?? await newNode(tx, call);
  const revision = await bumpRevision(tx);
  await tx.run(
    `UPDATE node SET secret_hash = ?, next_secret_hash = NULL, report = ?, seen_address = ?, revision = ?, enrolled_at = ?
     WHERE number = ?`,
    [secretHash, JSON.stringify(request.report), call.seenAddress, revision, now, self.number],
  );
  await countUse(tx, { id: token!.id, now });
  await insertAudit(tx, {
    at: now,
    source: call.source,
    actor: `token ${token!.id}`,
    action: "node.enrol",
    subject: self.name,
    detail: `number ${self.number}, ${self.addresses.join(", ")}`,
  });
  return self;
}

/** A repeated enrolment may bring a newer report. */
async function refresh(
  tx: Tx,
  { call, node }: { call: EnrolCall; node: NodeRecord },
): Promise<Assignment> {
  const report = JSON.stringify(call.request.report);
  if (report !== JSON.stringify(node.report) || call.seenAddress !== node.seenAddress) {
    const revision = await bumpRevision(tx);
    await tx.run("UPDATE node SET report = ?, seen_address = ?, revision = ? WHERE number = ?", [
      report,
      call.seenAddress,
      revision,
      node.self.number,
    ]);
  }
  return node.self;
}

async function newNode(tx: Tx, call: EnrolCall): Promise<Assignment> {
  const { name, claim } = call.request;
  const claimed = claim === undefined ? undefined : await honoured(tx, { ...claim, name });
  const [next] = await tx.all("SELECT next_number FROM mesh");
  const choice = { pools: call.pools, draw: call.draw, wanted: {} };
  const preferredAsn = PRIVATE_ASN.first + Number(next!.next_number);
  const holdings = claimed ?? await chooseHoldings(tx, { ...choice, preferredAsn });
  const number = claimed?.number ?? await takeNumber(tx);
  const { asn, addresses, tunnelAddress } = holdings;
  const self = { number, name, asn, addresses: [...addresses], tunnelAddress };
  await insertNode(tx, { ...self, revision: 0, now: call.now });
  return self;
}

/** The claim, if all of it is free and lies in pools of this mesh; part of it would not be what the peers know. */
async function honoured(tx: Tx, claim: Assignment): Promise<Assignment | undefined> {
  const { mesh } = await readMesh(tx);
  const inPools =
    claim.addresses.every((a) => mesh.nodePools.some((pool) => contains(pool, networkOf(a)))) &&
    mesh.tunnelPools.some((pool) => contains(pool, networkOf(fullLength(claim.tunnelAddress))));
  const inRange = claim.asn >= PRIVATE_ASN.first && claim.asn <= PRIVATE_ASN.last;
  if (!inPools || !inRange || await numberUsed(tx, claim.number)) return undefined;
  return await areFree(tx, leasesOf(claim)) ? claim : undefined;
}
