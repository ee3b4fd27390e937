import type { Row, SqlValue } from "./sql.ts";

/** A way to a database. Errors are those of the library below; {@link toDatabaseError} reads them. */
export interface Driver {
  /** Whether the database is a server that others use too. */
  readonly remote: boolean;
  /** All rows of a statement outside of a transaction. */
  all(sql: string, args: readonly SqlValue[]): Promise<Row[]>;
  /** Begins a write transaction; an embedded database has one at a time. */
  begin(): Promise<DriverTransaction>;
  /** Opens the connection anew. */
  reopen(): void;
  close(): void;
}

/** A write transaction of a driver. */
export interface DriverTransaction {
  all(sql: string, args: readonly SqlValue[]): Promise<Row[]>;
  commit(): Promise<void>;
  /** Undoes what was not committed; never throws. */
  abandon(): void;
}
