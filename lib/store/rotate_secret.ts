import type { HostName } from "../model/host_name.ts";
import type { Assignment } from "../model/node.ts";
import { Refusal } from "../model/refusal.ts";
import { bumpRevision } from "./mesh.ts";
import { requireNode } from "./nodes.ts";
import { type Reader, textOrNull, type Tx } from "./sql.ts";

/** How old a node's secret is. */
export interface SecretAge {
  /** RFC 3339 time since which it is in use; null when that was not kept. */
  readonly since: string | null;
  /** When an operator asked for a new one; null when none is asked for. */
  readonly askedAt: string | null;
}

/**
 * Asks a node to make a new secret; it hears of it from its own record.
 * @throws {Refusal} when there is no such node, or it has no secret.
 */
export async function askForNewSecret(
  tx: Tx,
  options: { name: HostName; now: string },
): Promise<Assignment> {
  const { self, secretHash } = await requireNode(tx, options.name);
  if (secretHash === null) {
    throw new Refusal({
      status: 409,
      code: "no_secret",
      detail: `"${options.name}" has no secret: it has not enrolled, or it was reset`,
    });
  }
  await tx.run("UPDATE node SET rotation_asked_at = ?, revision = ? WHERE number = ?", [
    options.now,
    await bumpRevision(tx),
    self.number,
  ]);
  return self;
}

/**
 * Keeps the hash of the secret that a node will use next.
 * @throws {Refusal} when that secret names another node.
 */
export async function announceSecret(
  tx: Tx,
  options: { number: number; hash: string },
): Promise<void> {
  const { number, hash } = options;
  const [own] = await tx.all("SELECT secret_hash, next_secret_hash FROM node WHERE number = ?", [
    number,
  ]);
  if (own?.secret_hash === hash || own?.next_secret_hash === hash) return;
  const used = "SELECT 1 FROM node WHERE secret_hash = ?1 OR next_secret_hash = ?1";
  if ((await tx.all(used, [hash])).length > 0) {
    throw new Refusal({
      status: 409,
      code: "secret_taken",
      detail: "this secret was used before; make a new one",
    });
  }
  await tx.run(
    "UPDATE node SET next_secret_hash = ?, rotation_asked_at = NULL, revision = ? WHERE number = ?",
    [hash, await bumpRevision(tx), number],
  );
}

/** Makes the announced secret the only one, because the node has used it. */
export async function promoteSecret(
  tx: Tx,
  options: { number: number; hash: string; now: string },
): Promise<void> {
  const { number, hash, now } = options;
  await tx.run(
    `UPDATE node SET secret_hash = next_secret_hash, next_secret_hash = NULL, secret_since = ?, revision = ?
     WHERE number = ? AND next_secret_hash = ?`,
    [now, await bumpRevision(tx), number, hash],
  );
}

/** How old the secret of a node is. */
export async function secretAge(reader: Reader, number: number): Promise<SecretAge> {
  const [row] = await reader.all(
    "SELECT coalesce(secret_since, enrolled_at) AS since, rotation_asked_at FROM node WHERE number = ?",
    [number],
  );
  if (row === undefined) return { since: null, askedAt: null };
  return { since: textOrNull(row, "since"), askedAt: textOrNull(row, "rotation_asked_at") };
}
