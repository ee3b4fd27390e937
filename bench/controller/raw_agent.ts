/** What came back. */
export interface RawAnswer {
  readonly status: number;
  /** Head and body together. */
  readonly bytes: number;
  readonly body: string;
}

/** One connection of a simulated agent: as little as speaks HTTP, so that the load generator is not what is measured. */
export class RawAgent {
  readonly #conn: Deno.TcpConn;
  readonly #host: string;
  #rest: Uint8Array = new Uint8Array();

  private constructor(conn: Deno.TcpConn, host: string) {
    this.#conn = conn;
    this.#host = host;
  }

  /** Connects to a controller on loopback. */
  static async connect(port: number): Promise<RawAgent> {
    return new RawAgent(await Deno.connect({ hostname: "127.0.0.1", port }), `127.0.0.1:${port}`);
  }

  /** Sends a request and waits for the whole answer. */
  async call(
    line: string,
    options: { credential: string; body?: string },
  ): Promise<RawAnswer> {
    const body = new TextEncoder().encode(options.body ?? "");
    const head =
      `${line} HTTP/1.1\r\nhost: ${this.#host}\r\nauthorization: Bearer ${options.credential}\r\n` +
      (options.body === undefined
        ? ""
        : `content-type: application/json\r\ncontent-length: ${body.length}\r\n`) +
      "\r\n";
    await this.#write(new TextEncoder().encode(head), body);
    return await this.#answer();
  }

  /** Ends the connection. */
  close(): void {
    this.#conn.close();
  }

  async #write(...parts: Uint8Array[]): Promise<void> {
    for (const part of parts) {
      for (let sent = 0; sent < part.length;) sent += await this.#conn.write(part.subarray(sent));
    }
  }

  async #answer(): Promise<RawAnswer> {
    let data = this.#rest;
    let head = -1;
    while ((head = endOfHead(data)) < 0) data = joined(data, await this.#read());
    const text = new TextDecoder().decode(data.subarray(0, head));
    const status = Number(text.slice(9, 12));
    const length = Number(/content-length: *([0-9]+)/i.exec(text)?.[1] ?? 0);
    const chunks = [data.subarray(head)];
    let have = data.length - head;
    while (have < length) {
      const chunk = await this.#read();
      chunks.push(chunk);
      have += chunk.length;
    }
    const all = chunks.length === 1 ? chunks[0]! : chunks.reduce(joined);
    this.#rest = all.slice(length);
    return {
      status,
      bytes: head + length,
      body: new TextDecoder().decode(all.subarray(0, length)),
    };
  }

  async #read(): Promise<Uint8Array> {
    const buffer = new Uint8Array(2048);
    const read = await this.#conn.read(buffer);
    if (read === null) throw new Error("the controller closed the connection");
    return buffer.subarray(0, read);
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

/** Index of the first byte after the empty line; -1 when it has not come. */
function endOfHead(data: Uint8Array): number {
  for (let i = 3; i < data.length; i++) {
    if (data[i] === 10 && data[i - 1] === 13 && data[i - 2] === 10 && data[i - 3] === 13) {
      return i + 1;
    }
  }
  return -1;
}
