import { StateError } from "../model/errors.ts";
import type { Database } from "./database.ts";
import { MIGRATIONS } from "./schema.ts";
import { int, type Tx } from "./sql.ts";

/**
 * Brings the schema up to this version, or makes it with `meshId`. Several controllers may do it at once.
 * @throws {StateError} when the database is newer than this program.
 */
export async function migrate(database: Database, options: { meshId: string }): Promise<void> {
  await database.write(async (tx) => {
    const at = await versionOf(tx);
    if (at > MIGRATIONS.length) {
      throw new StateError(
        `Cannot use ${database.name}: its schema is version ${at}, this meshover knows up to ${MIGRATIONS.length}; ` +
          "use the newer meshover that wrote it, or restore a backup made before",
      );
    }
    if (at === MIGRATIONS.length) return;
    for (const step of MIGRATIONS.slice(at)) {
      for (const sql of step) await tx.run(sql);
    }
    await tx.run("UPDATE schema_version SET version = ?", [MIGRATIONS.length]);
    if (at === 0) {
      await tx.run("INSERT INTO mesh VALUES (1, ?, 0, 1, NULL, NULL)", [options.meshId]);
    }
  });
}

/** A table, not `PRAGMA user_version`: libSQL servers keep pragmas to themselves. */
async function versionOf(tx: Tx): Promise<number> {
  await tx.run(
    "CREATE TABLE IF NOT EXISTS schema_version (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER)",
  );
  await tx.run("INSERT OR IGNORE INTO schema_version VALUES (1, 0)");
  const [row] = await tx.all("SELECT version FROM schema_version");
  return int(row!, "version");
}
