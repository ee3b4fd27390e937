import { type Reader, textOrNull, type Tx } from "./sql.ts";

/** A certificate and its private key, both PEM. */
export interface Authority {
  readonly cert: string;
  readonly key: string;
}

/** The mesh's own CA; undefined until a controller needed one. It is kept here so that all controllers share it. */
export async function readAuthority(reader: Reader): Promise<Authority | undefined> {
  const [row] = await reader.all("SELECT ca_cert, ca_key FROM mesh");
  const [cert, key] = [textOrNull(row!, "ca_cert"), textOrNull(row!, "ca_key")];
  return cert === null || key === null ? undefined : { cert, key };
}

/** Keeps `fresh` unless there is a CA already; returns the one that stands. */
export async function keepAuthority(tx: Tx, fresh: Authority): Promise<Authority> {
  await tx.run("UPDATE mesh SET ca_cert = ?, ca_key = ? WHERE ca_cert IS NULL", [
    fresh.cert,
    fresh.key,
  ]);
  return (await readAuthority(tx))!;
}
