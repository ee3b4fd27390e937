import type { Client } from "@libsql/client";
import type { Driver, DriverTransaction } from "./driver.ts";
import type { Row, SqlValue } from "./sql.ts";

/** A libSQL server, reached over HTTP. */
export class ServerDriver implements Driver {
  readonly remote = true;
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  /** Connects to nothing yet. */
  static async open(place: { url: string; authToken?: string }): Promise<ServerDriver> {
    const { createClient } = await import("@libsql/client/http");
    return new ServerDriver(createClient(place));
  }

  async all(sql: string, args: readonly SqlValue[]): Promise<Row[]> {
    return (await this.#client.execute({ sql, args: [...args] })).rows as unknown as Row[];
  }

  async begin(): Promise<DriverTransaction> {
    const transaction = await this.#client.transaction("write");
    return {
      all: async (sql, args) =>
        (await transaction.execute({ sql, args: [...args] })).rows as unknown as Row[],
      commit: () => transaction.commit(),
      abandon: () => transaction.close(),
    };
  }

  reopen(): void {
    // Every transaction opens a stream of its own.
  }

  close(): void {
    this.#client.close();
  }
}
