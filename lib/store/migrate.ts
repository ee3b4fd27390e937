import { StateError } from "../model/errors.ts";
import type { Database } from "./database.ts";
import { MIGRATIONS } from "./schema.ts";
import { int, type Reader } from "./sql.ts";

/** Who starts a program waits for it: a database that cannot be had is told soon. */
const PATIENCE_MS = 1_500;

/**
 * Brings the schema up to this version; makes it, for the mesh `meshId`, in a database that has none, or refuses that
 * when no id is given. Several controllers may do it at once.
 * @throws {StateError} when the database is newer than this program, or has no schema and must have one.
 */
export async function migrate(database: Database, options: { meshId?: string }): Promise<void> {
  const { meshId } = options;
  await database.write(async (tx) => {
    const at = await versionOf(tx);
    if (at === 0 && meshId === undefined) {
      throw new StateError(
        `Cannot use ${database.name}: it is no database of a meshover controller`,
      );
    }
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
    if (at === 0) {
      await tx.run(
        "INSERT INTO mesh (one, id, revision, next_number, generation) VALUES (1, ?, 0, 1, 0)",
        [meshId ?? ""],
      );
    }
    await tx.run("UPDATE schema_version SET version = ?", [MIGRATIONS.length]);
  }, { patienceMs: PATIENCE_MS });
}

/** A table, not `PRAGMA user_version`: libSQL servers keep pragmas to themselves. */
async function versionOf(reader: Reader): Promise<number> {
  const tables = await reader.all("SELECT 1 FROM sqlite_master WHERE name = 'schema_version'");
  if (tables.length === 0) return 0;
  return int((await reader.all("SELECT version FROM schema_version"))[0]!, "version");
}
