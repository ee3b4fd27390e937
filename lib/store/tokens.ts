import type { TokenRequest, TokenRow } from "../model/tokens_api.ts";
import type { HostName } from "../model/host_name.ts";
import { Refusal } from "../model/refusal.ts";
import { type TokenFacts, tokenState } from "../plan/admit_enrol.ts";
import { int, type Reader, type Row, text, textOrNull, type Tx } from "./sql.ts";

/** What is stored of a new token. */
export interface NewToken extends Omit<TokenRequest, "ttlS"> {
  readonly hash: string;
  /** First digits, to recognise it by. */
  readonly prefix: string;
  readonly now: string;
  readonly expiresAt: string | null;
}

/** Stores a token and returns its id; storing the same one again returns the same id. */
export async function insertToken(tx: Tx, token: NewToken): Promise<number> {
  await tx.run(
    `INSERT INTO token (hash, prefix, once, note, name, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (hash) DO NOTHING`,
    [
      token.hash,
      token.prefix,
      token.once ? 1 : 0,
      token.note,
      token.name,
      token.now,
      token.expiresAt,
    ],
  );
  return int((await tx.all("SELECT id FROM token WHERE hash = ?", [token.hash]))[0]!, "id");
}

/** What is known of the token with this hash. */
export async function tokenByHash(reader: Reader, hash: string): Promise<TokenFacts | undefined> {
  const [row] = await reader.all("SELECT * FROM token WHERE hash = ?", [hash]);
  return row === undefined ? undefined : factsOf(row);
}

/** Counts a completed enrolment. */
export async function countUse(tx: Tx, options: { id: number; now: string }): Promise<void> {
  await tx.run("UPDATE token SET uses = uses + 1, last_used_at = ? WHERE id = ?", [
    options.now,
    options.id,
  ]);
}

/**
 * Revokes a token; doing it twice is harmless.
 * @throws {Refusal} when there is no such token.
 */
export async function revokeToken(tx: Tx, options: { id: number; now: string }): Promise<void> {
  const rows = await tx.all("SELECT id FROM token WHERE id = ?", [options.id]);
  if (rows.length === 0) {
    throw new Refusal({
      status: 404,
      code: "token_unknown",
      detail: `there is no token ${options.id}; see \`meshover token list\``,
    });
  }
  await tx.run("UPDATE token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", [
    options.now,
    options.id,
  ]);
}

/** All tokens, oldest first. */
export async function listTokens(reader: Reader, now: string): Promise<TokenRow[]> {
  const rows = await reader.all("SELECT * FROM token ORDER BY id");
  return rows.map((row) => {
    const { name: _name, ...facts } = factsOf(row);
    return {
      ...facts,
      name: textOrNull(row, "name") as HostName | null,
      prefix: text(row, "prefix"),
      note: text(row, "note"),
      createdAt: text(row, "created_at"),
      lastUsedAt: textOrNull(row, "last_used_at"),
      state: tokenState(facts, now),
    };
  });
}

function factsOf(row: Row): TokenFacts {
  return {
    id: int(row, "id"),
    once: int(row, "once") === 1,
    uses: int(row, "uses"),
    name: textOrNull(row, "name") as HostName | null,
    expiresAt: textOrNull(row, "expires_at"),
    revokedAt: textOrNull(row, "revoked_at"),
  };
}
