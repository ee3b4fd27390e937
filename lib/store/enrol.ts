import type { IpAddress } from "../model/address.ts";
import type { EnrolRequest, Mesh } from "../model/enrolment_api.ts";
import { PRIVATE_ASN } from "../model/asn.ts";
import { type Assignment, tunnelAddressesOf } from "../model/node.ts";
import { contains, networkOf } from "../model/prefix.ts";
import { admitEnrol } from "../plan/admit_enrol.ts";
import type { Draw } from "../plan/allocate.ts";
import { insertAudit } from "./audit.ts";
import { areFree, chooseHoldings, fullLength } from "./choose_holdings.ts";
import { leasesOf } from "./leases.ts";
import { bumpRevision, readMesh } from "./mesh.ts";
import {
  bumpNumber,
  insertNode,
  nextNumber,
  nodeAndSecret,
  type NodeRecord,
  numberUsed,
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
  const { request: { name }, secretHash, now } = call;
  const token = await tokenByHash(tx, call.tokenHash);
  const { node, secret } = await nodeAndSecret(tx, { name, secretHash });
  const secretHashes = [node?.secretHash, node?.nextSecretHash].filter((hash) =>
    typeof hash === "string"
  );
  const holder = node === undefined ? undefined : { secretHashes };
  const verdict = admitEnrol({ name, secretHash, token, holder, secretState: secret, now });
  if (verdict === "repeat") return await again(tx, { call, node: node! });
  const self = node === undefined ? await newNode(tx, call) : await bind(tx, { call, node });
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
async function again(tx: Tx, options: { call: EnrolCall; node: NodeRecord }): Promise<Assignment> {
  const { call, node } = options;
  const report = JSON.stringify(call.request.report);
  if (report !== JSON.stringify(node.report) || call.seenAddress !== node.seenAddress) {
    await tx.run("UPDATE node SET report = ?, seen_address = ?, revision = ? WHERE number = ?", [
      report,
      call.seenAddress,
      await bumpRevision(tx),
      node.self.number,
    ]);
  }
  return node.self;
}

/** Gives a reserved or reset name to who asks. */
async function bind(tx: Tx, options: { call: EnrolCall; node: NodeRecord }): Promise<Assignment> {
  const { call, node } = options;
  await tx.run(
    `UPDATE node SET secret_hash = ?, next_secret_hash = NULL, report = ?, seen_address = ?, revision = ?, enrolled_at = ?5,
       secret_since = ?5 WHERE number = ?6`,
    [
      call.secretHash,
      JSON.stringify(call.request.report),
      call.seenAddress,
      await bumpRevision(tx),
      call.now,
      node.self.number,
    ],
  );
  return node.self;
}

async function newNode(tx: Tx, call: EnrolCall): Promise<Assignment> {
  const { name, claim, report } = call.request;
  const claimed = claim === undefined ? undefined : await honoured(tx, { ...claim, name });
  const self = claimed ?? await chooseNew(tx, call);
  // A claimed number leaves the counter alone: it is passed over when the counter gets there.
  const revision = claimed === undefined
    ? await bumpNumber(tx, self.number)
    : await bumpRevision(tx);
  const enrolled = { secretHash: call.secretHash, report, seenAddress: call.seenAddress };
  await insertNode(tx, { ...self, revision, now: call.now, enrolled });
  return self;
}

async function chooseNew(tx: Tx, call: EnrolCall): Promise<Assignment> {
  const number = await nextNumber(tx);
  const { addresses, ...holdings } = await chooseHoldings(tx, {
    pools: call.pools,
    draw: call.draw,
    wanted: {},
    preferredAsn: PRIVATE_ASN.first + number,
  });
  return { number, name: call.request.name, ...holdings, addresses: [...addresses] };
}

/** The claim, if all of it is free and lies in pools of this mesh; part of it would not be what the peers know. */
async function honoured(tx: Tx, claim: Assignment): Promise<Assignment | undefined> {
  const { mesh } = await readMesh(tx);
  const inPools =
    claim.addresses.every((a) => mesh.nodePools.some((pool) => contains(pool, networkOf(a)))) &&
    tunnelAddressesOf(claim).every((a) =>
      mesh.tunnelPools.some((pool) => contains(pool, networkOf(fullLength(a))))
    );
  const inRange = claim.asn >= PRIVATE_ASN.first && claim.asn <= PRIVATE_ASN.last;
  if (!inPools || !inRange || await numberUsed(tx, claim.number)) return undefined;
  return await areFree(tx, leasesOf(claim)) ? claim : undefined;
}
