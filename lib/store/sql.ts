/** A value that SQL takes. */
export type SqlValue = string | number | null;

/** One row by column name. */
export type Row = Readonly<Record<string, unknown>>;

/** Reads rows. */
export interface Reader {
  /** All rows of a statement. */
  all(sql: string, args?: readonly SqlValue[]): Promise<Row[]>;
}

/** A write transaction: all of it is stored, or nothing. */
export interface Tx extends Reader {
  /** Runs a statement that yields no rows. */
  run(sql: string, args?: readonly SqlValue[]): Promise<void>;
}

/** A text column. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new Error(`Column ${column} holds no text`);
  return value;
}

/** A text column that may be null. */
export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

/** A whole number column. */
export function int(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw new Error(`Column ${column} holds no number`);
  return value;
}
