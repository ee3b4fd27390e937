import type Libsql from "libsql";
import type { Driver, DriverTransaction } from "./driver.ts";
import type { Row, SqlValue } from "./sql.ts";

type Connection = InstanceType<typeof Libsql>;
type Statement = ReturnType<Connection["prepare"]>;

/** SQLite waits for a lock by blocking the whole program: wait shortly here, and longer outside of it. */
const LOCK_WAIT_MS = 100;

/**
 * A database file in this process, by libSQL's own binding rather than through `@libsql/client`, because that prepares
 * every statement anew: keeping them makes a write about three times as fast. Every call blocks until it is done.
 */
export class EmbeddedDriver implements Driver {
  readonly remote = false;
  readonly #library: typeof Libsql;
  readonly #path: string;
  #connection: Connection;
  #statements = new Map<string, Statement>();

  private constructor(library: typeof Libsql, path: string) {
    this.#library = library;
    this.#path = path;
    this.#connection = connect(library, path);
  }

  /** Opens a database file. The native library is loaded here, and only here. */
  static async open(path: string): Promise<EmbeddedDriver> {
    const { default: library } = await import("libsql");
    return new EmbeddedDriver(library, path);
  }

  all(sql: string, args: readonly SqlValue[]): Promise<Row[]> {
    return attempt(() => this.#all(sql, args));
  }

  begin(): Promise<DriverTransaction> {
    return attempt(() => {
      this.#connection.exec("BEGIN IMMEDIATE");
      return {
        all: (sql, args) => attempt(() => this.#all(sql, args)),
        commit: () => attempt(() => void this.#connection.exec("COMMIT")),
        abandon: () => {
          try {
            this.#connection.exec("ROLLBACK");
          } catch {
            // SQLite has rolled back by itself (full disk, lost file).
          }
        },
      };
    });
  }

  reopen(): void {
    this.close();
    this.#connection = connect(this.#library, this.#path);
  }

  close(): void {
    this.#statements.clear();
    if (this.#connection.open) this.#connection.close();
  }

  #all(sql: string, args: readonly SqlValue[]): Row[] {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      this.#statements.set(sql, statement = this.#connection.prepare(sql));
    }
    if (statement.reader) return statement.all([...args]) as Row[];
    statement.run([...args]);
    return [];
  }
}

function connect(library: typeof Libsql, path: string): Connection {
  const connection = new library(path, { timeout: LOCK_WAIT_MS });
  // FULL: what was acknowledged survives a power cut, not only a crash; grouping makes up for the price.
  connection.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  return connection;
}

async function attempt<T>(task: () => T): Promise<T> {
  return await task();
}
