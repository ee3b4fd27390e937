import type { IpAddress } from "../model/address.ts";
import type { HostName } from "../model/host_name.ts";
import { type Assignment, MAX_NODE_NUMBER, type NodeReport } from "../model/node.ts";
import { Refusal } from "../model/refusal.ts";
import { type Holdings, holdingsOf, insertLeases, leasesOf } from "./leases.ts";
import { int, type Reader, type Row, text, textOrNull, type Tx } from "./sql.ts";

/** A node as it is stored. */
export interface NodeRecord {
  readonly self: Assignment;
  /** Hashes of the secrets that it may use; none while it is reserved or reset. */
  readonly secretHash: string | null;
  readonly nextSecretHash: string | null;
  /** Null until it enrolled. */
  readonly report: NodeReport | null;
  readonly seenAddress: IpAddress | null;
  readonly revision: number;
  readonly enrolledAt: string | null;
  /** Whether an operator asked for a new secret. */
  readonly rotationAsked: boolean;
}

/** A node that was removed. */
export interface RemovedNode {
  readonly number: number;
  /** Hashes of the secrets that it had. */
  readonly secretHashes: readonly string[];
  readonly revision: number;
}

/** All that changed after a revision. */
export interface NodeChanges {
  readonly nodes: readonly NodeRecord[];
  readonly removed: readonly RemovedNode[];
}

const LEASES = "SELECT number, purpose, position, value FROM lease WHERE released_at IS NULL";

/** Rows that are read at once: few enough to be nothing in memory. */
const PAGE = 500;

/**
 * What changed after revision `since`, oldest first, a page at a time. Every stored change has a revision of its own, so
 * a page ends between two of them.
 */
export async function* nodesSince(reader: Reader, since: number): AsyncGenerator<NodeChanges> {
  const page = `SELECT * FROM node WHERE revision > ? ORDER BY revision LIMIT ${PAGE}`;
  for (let from = since;;) {
    const rows = await reader.all(page, [from]);
    if (rows.length === 0) return;
    const to = int(rows.at(-1)!, "revision");
    yield await changesOf(reader, { rows, from, to });
    if (rows.length < PAGE) return;
    from = to;
  }
}

async function changesOf(
  reader: Reader,
  { rows, from, to }: { rows: readonly Row[]; from: number; to: number },
): Promise<NodeChanges> {
  const within = "SELECT number FROM node WHERE revision > ? AND revision <= ?";
  const leases = await reader.all(`${LEASES} AND number IN (${within})`, [from, to]);
  const byNumber = Map.groupBy(leases, (row) => int(row, "number"));
  return {
    nodes: rows.filter((row) => row.removed_at === null)
      .map((row) => recordOf(row, byNumber.get(int(row, "number")) ?? [])),
    removed: rows.filter((row) => row.removed_at !== null).map((row) => ({
      number: int(row, "number"),
      secretHashes: [textOrNull(row, "secret_hash"), textOrNull(row, "next_secret_hash")]
        .filter((hash) => hash !== null),
      revision: int(row, "revision"),
    })),
  };
}

/** The node that holds a name. */
export async function nodeByName(reader: Reader, name: HostName): Promise<NodeRecord | undefined> {
  const [row] = await reader.all("SELECT * FROM node WHERE name = ? AND removed_at IS NULL", [
    name,
  ]);
  return row === undefined ? undefined : await withLeases(reader, row);
}

/** The node with a number, unless it was removed. */
export async function nodeByNumber(
  reader: Reader,
  number: number,
): Promise<NodeRecord | undefined> {
  const [row] = await reader.all("SELECT * FROM node WHERE number = ? AND removed_at IS NULL", [
    number,
  ]);
  return row === undefined ? undefined : await withLeases(reader, row);
}

/**
 * The node with this name.
 * @throws {Refusal} when there is none.
 */
export async function requireNode(reader: Reader, name: HostName): Promise<NodeRecord> {
  const node = await nodeByName(reader, name);
  if (node !== undefined) return node;
  throw new Refusal({
    status: 404,
    code: "node_unknown",
    detail: `there is no node "${name}"; see \`meshover node list\``,
  });
}

/** The node that holds a name, and whether any node, a removed one too, has used a secret. */
export async function nodeAndSecret(
  reader: Reader,
  asked: { name: HostName; secretHash: string },
): Promise<{ node: NodeRecord | undefined; secret: SecretState }> {
  const rows = await reader.all(
    "SELECT * FROM node WHERE (name = ?1 AND removed_at IS NULL) OR secret_hash = ?2 OR next_secret_hash = ?2",
    [asked.name, asked.secretHash],
  );
  const named = rows.find((row) => row.name === asked.name && row.removed_at === null);
  const user = rows.find((row) =>
    row.secret_hash === asked.secretHash || row.next_secret_hash === asked.secretHash
  );
  return {
    node: named === undefined ? undefined : await withLeases(reader, named),
    secret: user === undefined ? "unused" : user.removed_at === null ? "used" : "removed",
  };
}

/** Whether a node has used a secret: none, one that is there, or one that was removed. */
export type SecretState = "unused" | "used" | "removed";

/** What is stored for a new node. */
export interface NewNode extends Holdings {
  readonly number: number;
  readonly name: HostName;
  readonly revision: number;
  readonly now: string;
  /** What it enrolled with; absent for a node that is only reserved. */
  readonly enrolled?: Enrolled;
}

/** What a node brings when it enrols. */
export interface Enrolled {
  readonly secretHash: string;
  readonly report: NodeReport;
  readonly seenAddress: IpAddress | null;
}

/** Stores a node and its leases. */
export async function insertNode(tx: Tx, node: NewNode): Promise<void> {
  const { enrolled } = node;
  await tx.run(
    `INSERT INTO node (number, name, revision, created_at, secret_hash, report, seen_address, enrolled_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      node.number,
      node.name,
      node.revision,
      node.now,
      enrolled?.secretHash ?? null,
      enrolled === undefined ? null : JSON.stringify(enrolled.report),
      enrolled?.seenAddress ?? null,
      enrolled === undefined ? null : node.now,
    ],
  );
  await insertLeases(tx, { number: node.number, leases: leasesOf(node) });
}

/**
 * The number that the next node gets: no node, a removed one neither, ever had it. To be stored by {@link bumpNumber}.
 * @throws {Refusal} when all are used up.
 */
export async function nextNumber(reader: Reader): Promise<number> {
  const [row] = await reader.all(
    "SELECT next_number, EXISTS (SELECT 1 FROM node WHERE number = next_number) AS used FROM mesh",
  );
  let number = int(row!, "next_number");
  // Numbers ahead of the counter exist where a node claimed the one it had (restored backup).
  if (int(row!, "used") === 1) { while (await numberUsed(reader, number)) number++; }
  if (number <= MAX_NODE_NUMBER) return number;
  throw new Refusal({
    status: 409,
    code: "numbers_used_up",
    detail:
      `all ${MAX_NODE_NUMBER} node numbers were used; start a new mesh with an empty database`,
  });
}

/** Moves the counter of numbers past `number`, and the revision on; returns the revision. */
export async function bumpNumber(tx: Tx, number: number): Promise<number> {
  const sql = "UPDATE mesh SET next_number = ?, revision = revision + 1 RETURNING revision";
  return int((await tx.all(sql, [number + 1]))[0]!, "revision");
}

/** Whether a number was ever given. */
export async function numberUsed(reader: Reader, number: number): Promise<boolean> {
  return (await reader.all("SELECT 1 FROM node WHERE number = ?", [number])).length > 0;
}

async function withLeases(reader: Reader, row: Row): Promise<NodeRecord> {
  return recordOf(row, await reader.all(`${LEASES} AND number = ?`, [int(row, "number")]));
}

function recordOf(row: Row, leases: readonly Row[]): NodeRecord {
  const report = textOrNull(row, "report");
  return {
    self: {
      number: int(row, "number"),
      name: text(row, "name") as HostName,
      ...holdingsOf(leases),
    },
    secretHash: textOrNull(row, "secret_hash"),
    nextSecretHash: textOrNull(row, "next_secret_hash"),
    report: report === null ? null : JSON.parse(report) as NodeReport,
    seenAddress: textOrNull(row, "seen_address") as IpAddress | null,
    revision: int(row, "revision"),
    enrolledAt: textOrNull(row, "enrolled_at"),
    rotationAsked: row.rotation_asked_at !== null,
  };
}
