import type { Mesh } from "../model/enrolment_api.ts";
import type { Prefix } from "../model/prefix.ts";
import { int, type Reader, text, type Tx } from "./sql.ts";

/** What is the same for the whole mesh. */
export interface MeshRow {
  readonly meshId: string;
  readonly revision: number;
  /** Another one after a restore: what was known of before may be gone. */
  readonly generation: number;
  readonly mesh: Mesh;
}

/** The revision alone: what is asked several times a second. */
export async function readRevision(reader: Reader): Promise<number> {
  return int((await reader.all("SELECT revision FROM mesh"))[0]!, "revision");
}

/** The mesh's id, revision, and every pool that was ever used. */
export async function readMesh(reader: Reader): Promise<MeshRow> {
  const [row] = await reader.all("SELECT id, revision, generation FROM mesh");
  const pools = await reader.all("SELECT purpose, prefix FROM pool ORDER BY purpose, prefix");
  const of = (purpose: string) =>
    pools.filter((p) => p.purpose === purpose).map((p) => text(p, "prefix") as Prefix);
  return {
    meshId: text(row!, "id"),
    revision: int(row!, "revision"),
    generation: int(row!, "generation"),
    mesh: { tunnelPools: of("tunnel"), nodePools: of("node") },
  };
}

/** Moves the revision on and returns the new one, to be stamped on what changes with it. */
export async function bumpRevision(tx: Tx): Promise<number> {
  return int(
    (await tx.all("UPDATE mesh SET revision = revision + 1 RETURNING revision"))[0]!,
    "revision",
  );
}

/** Remembers pools; the revision moves when one is new, because readers must hear of it. */
export async function rememberPools(tx: Tx, pools: Mesh): Promise<void> {
  const { mesh } = await readMesh(tx);
  const fresh = [
    ...pools.tunnelPools.filter((p) => !mesh.tunnelPools.includes(p)).map((p) =>
      ["tunnel", p] as const
    ),
    ...pools.nodePools.filter((p) => !mesh.nodePools.includes(p)).map((p) => ["node", p] as const),
  ];
  if (fresh.length === 0) return;
  await bumpRevision(tx);
  for (const pool of fresh) await tx.run("INSERT INTO pool VALUES (?, ?)", pool);
}
