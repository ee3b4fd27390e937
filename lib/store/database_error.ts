import { StateError } from "../model/errors.ts";

/** What kept the database from doing its work; `cause` words are for people. */
export type DatabaseTrouble =
  | "busy"
  | "full"
  | "read-only"
  | "damaged"
  | "unreachable"
  | "constraint"
  | "other";

/** The database did not take or give the data. Nothing of the operation was stored. */
export class DatabaseError extends StateError {
  /** Kind of trouble; `busy` and `unreachable` may pass by themselves. */
  readonly trouble: DatabaseTrouble;

  /** `action` completes "Cannot …". */
  constructor(action: string, options: { trouble: DatabaseTrouble; reason: string }) {
    super(`Cannot ${action}: ${options.reason}`);
    this.trouble = options.trouble;
  }
}

/** SQLite result codes (https://sqlite.org/rescode.html) and those of the libSQL client, by beginning. */
const BY_CODE: readonly (readonly [RegExp, DatabaseTrouble])[] = [
  [/SQLITE_BUSY|SQLITE_LOCKED|database is locked/, "busy"],
  [/SQLITE_FULL|database or disk is full/, "full"],
  [/SQLITE_READONLY|SQLITE_PERM|readonly database/, "read-only"],
  [/SQLITE_CORRUPT|SQLITE_NOTADB|malformed|not a database/, "damaged"],
  [/SQLITE_CONSTRAINT|constraint failed|lease overlaps/, "constraint"],
  [/SQLITE_IOERR|SQLITE_CANTOPEN|unable to open/, "other"],
  [
    /HRANA|STREAM|SERVER_ERROR|TRANSACTION_CLOSED|CLIENT_CLOSED|fetch|connect|ECONN|timed? ?out|error sending|5\d\d/i,
    "unreachable",
  ],
];

const REMEDY: Readonly<Record<DatabaseTrouble, string>> = {
  "busy": "the database is locked by another program",
  "full": "the disk is full; free some space, nothing else needs to be done",
  "read-only":
    "the database cannot be written; check the owner and mode of the file and its folder, and the mount",
  "damaged": "the database file is damaged; put it aside and run `meshover controller restore`",
  "unreachable": "the database server cannot be reached",
  "constraint": "another change was faster",
  "other": "the database failed",
};

/** Turns whatever the libSQL client threw into a {@link DatabaseError}. */
export function toDatabaseError(action: string, thrown: unknown): DatabaseError {
  if (thrown instanceof DatabaseError) return thrown;
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const text = `${code} ${message}`;
  const trouble = BY_CODE.find(([pattern]) => pattern.test(text))?.[1] ?? "other";
  return new DatabaseError(action, {
    trouble,
    reason: `${REMEDY[trouble]} (${message.replaceAll("\n", " ")})`,
  });
}
