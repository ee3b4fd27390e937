import type { AuditRow } from "../model/audit_api.ts";
import { int, type Reader, text, type Tx } from "./sql.ts";

/** Entries kept; the oldest go first. */
export const AUDIT_LIMIT = 10_000;

/** Entries kept of one kind that anybody on the network can cause. */
export const AUDIT_NOISE_LIMIT = 1_000;

/** Kinds that anybody can cause: they must not push out the others. */
const NOISE = new Set(["password.wrong", "enrol.refused"]);

/** Something worth keeping. */
export type AuditEntry = Omit<AuditRow, "id">;

/** Keeps an entry, and drops the oldest beyond the limits now and then. */
export async function insertAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  const [row] = await tx.all(
    "INSERT INTO audit (at, source, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
    [entry.at, entry.source, entry.actor, entry.action, entry.subject, entry.detail.slice(0, 300)],
  );
  const id = int(row!, "id");
  if (NOISE.has(entry.action)) await trim(tx, { action: entry.action });
  if (id % 100 === 0) await tx.run("DELETE FROM audit WHERE id <= ?", [id - AUDIT_LIMIT]);
}

async function trim(tx: Tx, { action }: { action: string }): Promise<void> {
  await tx.run(
    `DELETE FROM audit WHERE action = ?1 AND id <=
      (SELECT id FROM audit WHERE action = ?1 ORDER BY id DESC LIMIT 1 OFFSET ${AUDIT_NOISE_LIMIT})`,
    [action],
  );
}

/** The newest entries, newest first. */
export async function listAudit(reader: Reader, limit: number): Promise<AuditRow[]> {
  const rows = await reader.all("SELECT * FROM audit ORDER BY id DESC LIMIT ?", [limit]);
  return rows.map((row) => ({
    id: int(row, "id"),
    at: text(row, "at"),
    source: text(row, "source"),
    actor: text(row, "actor"),
    action: text(row, "action"),
    subject: text(row, "subject"),
    detail: text(row, "detail"),
  }));
}
