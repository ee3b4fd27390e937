import { StateError } from "../model/errors.ts";
import { Refusal } from "../model/refusal.ts";
import { type DatabaseError, toDatabaseError } from "./database_error.ts";
import type { Driver, DriverTransaction } from "./driver.ts";
import { int, type Reader, type SqlValue, type Tx } from "./sql.ts";

/** Operations that one transaction carries: one fsync, or few round trips, for all of them. */
const GROUP = { local: 256, remote: 16 } as const;

/** How long an operation is tried again while the database is busy or away, milliseconds. */
const PATIENCE_MS = 8_000;

/** How long a read may take, milliseconds; a server that hangs must not hang the controller. */
const READ_MS = 8_000;

interface Queued {
  readonly op: (tx: Tx) => Promise<unknown>;
  readonly settle: PromiseWithResolvers<unknown>;
  readonly deadline: number;
}

/** What {@link Database} is made of. */
export interface DatabaseOptions {
  readonly driver: Driver;
  /** What it is called in errors: the path or the URL. */
  readonly name: string;
}

/**
 * One libSQL database. Writes are queued and grouped into few transactions; the connection of an embedded file serves
 * one caller at a time, because the client breaks when it is used twice at once.
 */
export class Database {
  readonly remote: boolean;
  readonly name: string;
  /** Runs after every group that was stored, before the callers are told. */
  afterCommit: (reader: Reader) => Promise<void> = () => Promise.resolve();
  /** Why the last write could not be stored; undefined when it was. */
  trouble: string | undefined;
  readonly #driver: Driver;
  #queue: Queued[] = [];
  #working: Promise<void> | undefined;
  #turn: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: DatabaseOptions) {
    this.#driver = options.driver;
    this.remote = options.driver.remote;
    this.name = options.name;
  }

  /**
   * Stores what `op` does. `op` may run more than once (when the database was busy or lost), so it must not act outside
   * the transaction; a {@link Refusal} or {@link StateError} must be thrown before the first write.
   * @throws {DatabaseError} when it could not be stored.
   */
  write<T>(
    op: (tx: Tx) => Promise<T>,
    options: { patienceMs?: number } = {},
  ): Promise<T> {
    const settle = Promise.withResolvers<unknown>();
    this.#queue.push({ op, settle, deadline: Date.now() + (options.patienceMs ?? PATIENCE_MS) });
    this.#working ??= this.#work();
    return settle.promise as Promise<T>;
  }

  /** Runs `task` with the database to itself (embedded), or at once (remote). @throws {DatabaseError} */
  async read<T>(task: (reader: Reader) => Promise<T>): Promise<T> {
    try {
      return await this.#exclusive(() => within(READ_MS, task(this.#reader())));
    } catch (error) {
      if (error instanceof StateError || error instanceof Refusal) throw error;
      throw toDatabaseError(`read ${this.name}`, error);
    }
  }

  /**
   * Tries whether writes work again, by one that needs room as others do and leaves nothing behind.
   * @throws {DatabaseError} when not.
   */
  async probe(): Promise<void> {
    await this.write(async (tx) => {
      const room = "INSERT INTO audit VALUES (NULL, '', '', '', '', '', ?) RETURNING id";
      const [row] = await tx.all(room, ["x".repeat(65_536)]);
      await tx.run("DELETE FROM audit WHERE id = ?", [int(row!, "id")]);
    }, { patienceMs: 0 });
  }

  /** Moves everything into the one file of an embedded database, so that it can be copied or moved. @throws {DatabaseError} */
  async seal(): Promise<void> {
    await this.read((reader) => reader.all("PRAGMA journal_mode = DELETE"));
  }

  /** Waits for what is queued, brings it into the one file of an embedded database, and closes. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
    await this.#exclusive(() => this.#settle());
    this.#driver.close();
  }

  /** Who copies the file of a stopped controller has all of it. What cannot be brought in now stays in the journal. */
  async #settle(): Promise<void> {
    if (this.remote) return;
    await this.#driver.all("PRAGMA wal_checkpoint(TRUNCATE)", []).catch(() => {});
  }

  #reader(): Reader {
    return {
      all: (sql, args = []) => this.#driver.all(sql, args),
    };
  }

  #exclusive<T>(task: () => Promise<T>): Promise<T> {
    if (this.remote) return task();
    const result = this.#turn.then(task);
    this.#turn = result.then(() => {}, () => {});
    return result;
  }

  async #work(): Promise<void> {
    // Let everything that arrives in this turn of the event loop join the group.
    await new Promise((resolve) => setTimeout(resolve, 0));
    while (this.#queue.length > 0) {
      const group = this.#queue.splice(0, this.remote ? GROUP.remote : GROUP.local);
      await this.#exclusive(() => this.#store(group));
    }
    // In the same turn as the look at the queue: nothing can be queued in between and be forgotten.
    this.#working = undefined;
  }

  /** Stores a group; one that fails as a whole is tried one by one, so that nobody suffers from another's failure. */
  async #store(group: readonly Queued[]): Promise<void> {
    let pause = 20;
    while (true) {
      const error = await this.#attempt(group);
      if (error === undefined) {
        this.trouble = undefined;
        return;
      }
      const passing = ["busy", "unreachable", "constraint"].includes(error.trouble);
      const late = Date.now() + pause > Math.min(...group.map((q) => q.deadline)) || this.#closed;
      if (passing && !late && error.trouble !== "constraint") {
        this.#recover();
        await new Promise((resolve) => setTimeout(resolve, pause));
        pause = Math.min(pause * 2, 500);
        continue;
      }
      if (group.length > 1) {
        for (const one of group) await this.#store([one]);
      } else {
        if (error.trouble !== "constraint") this.trouble = error.message;
        group[0]!.settle.reject(error);
      }
      return;
    }
  }

  /** One transaction; undefined when it was stored and everyone was told. */
  async #attempt(group: readonly Queued[]): Promise<DatabaseError | undefined> {
    let tx: DriverTransaction | undefined;
    const outcomes: (() => void)[] = [];
    try {
      tx = await within(READ_MS, this.#driver.begin());
      const inner = this.#transactionOf(tx);
      for (const { op, settle } of group) {
        try {
          const value = await op(inner);
          outcomes.push(() => settle.resolve(value));
        } catch (error) {
          if (!(error instanceof Refusal || error instanceof StateError)) throw error;
          outcomes.push(() => settle.reject(error));
        }
      }
      await within(READ_MS, tx.commit());
    } catch (error) {
      tx?.abandon();
      return toDatabaseError(`write ${this.name}`, error);
    }
    await this.afterCommit(this.#reader()).catch(() => {});
    outcomes.forEach((tell) => tell());
    return undefined;
  }

  #transactionOf(tx: DriverTransaction): Tx {
    const all = (sql: string, args: readonly SqlValue[] = []) => {
      const rows = tx.all(sql, args);
      // An embedded database answers within the call: there is nothing to wait for.
      return this.remote ? within(READ_MS, rows) : rows;
    };
    return { all, run: async (sql, args) => void await all(sql, args) };
  }

  /** A connection that has seen SQLITE_BUSY stays broken until it is opened again. */
  #recover(): void {
    if (this.#closed) return;
    try {
      this.#driver.reopen();
    } catch {
      // The next attempt says why.
    }
  }
}

/** Rejects when `promise` takes longer than `ms`. */
function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`timed out after ${ms / 1000} s`)), ms);
  return Promise.race([promise, late.promise]).finally(() => clearTimeout(timer));
}
