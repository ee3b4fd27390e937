import { StateError } from "../model/errors.ts";
import type { Database } from "./database.ts";
import { int, type Reader, type Row, type SqlValue, text, type Tx } from "./sql.ts";

/** Everything that a backup holds, in an order in which it can be stored again. */
const TABLES = ["mesh", "pool", "node", "lease", "token", "audit", "route_decision"] as const;

/** How far the revision jumps on a restore: farther than any agent can have got ahead of the backup. */
const REVISION_JUMP = 1_000_000;

type Content = ReadonlyMap<string, readonly Row[]>;

/**
 * Copies a database into an empty one, as it is at one moment.
 * @throws {StateError} when the target is not empty.
 */
export async function copyDatabase(from: Database, to: Database): Promise<void> {
  const content = await readAll(from);
  await to.write(async (tx) => {
    if ((await tx.all("SELECT 1 FROM node LIMIT 1")).length > 0) {
      throw new StateError(`Cannot write ${to.name}: it holds nodes already`);
    }
    await replace(tx, content);
  });
}

/**
 * Puts the content of a backup in place of what a database holds; a controller that runs on it notices by itself.
 * All records get revisions far ahead of what any agent has seen, so that every agent hears all of them again.
 */
export async function restoreDatabase(from: Database, to: Database): Promise<{ nodes: number }> {
  const content = await readAll(from);
  return await to.write(async (tx) => {
    const [current] = await tx.all("SELECT revision, generation FROM mesh");
    await replace(tx, content);
    const restored = int(content.get("mesh")![0]!, "revision");
    let revision = Math.max(int(current!, "revision"), restored) + REVISION_JUMP;
    const nodes = await tx.all("SELECT number, removed_at FROM node ORDER BY revision");
    for (const node of nodes) {
      await tx.run("UPDATE node SET revision = ? WHERE number = ?", [
        ++revision,
        int(node, "number"),
      ]);
    }
    const generation = int(current!, "generation") + 1;
    await tx.run("UPDATE mesh SET revision = ?1, route_revision = ?1, generation = ?2", [
      revision + 1,
      generation,
    ]);
    return { nodes: nodes.filter((node) => node.removed_at === null).length };
  });
}

/** One transaction, so that nothing changes between the tables. */
function readAll(database: Database): Promise<Content> {
  return database.write(async (tx) => {
    const content = new Map<string, readonly Row[]>();
    for (const table of TABLES) content.set(table, await tx.all(`SELECT * FROM ${table}`));
    return content;
  });
}

async function replace(tx: Tx, content: Content): Promise<void> {
  for (const table of TABLES.toReversed()) await tx.run(`DELETE FROM ${table}`);
  for (const table of TABLES) {
    const columns = await columnsOf(tx, table);
    const sql = `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${
      columns.map(() => "?").join(", ")
    })`;
    for (const row of content.get(table) ?? []) {
      await tx.run(sql, columns.map((column) => (row[column] ?? null) as SqlValue));
    }
  }
}

async function columnsOf(reader: Reader, table: string): Promise<string[]> {
  return (await reader.all(`SELECT name FROM pragma_table_info('${table}')`)).map((row) =>
    text(row, "name")
  );
}
