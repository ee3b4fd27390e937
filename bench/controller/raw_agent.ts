/** What came back. */
export interface RawAnswer {
  readonly status: number;
  /** Head and body together. */
  readonly bytes: number;
  readonly body: string;
}

/** A request as it is written. */
export interface RawRequest {
  /** Method and path. */
  readonly line: string;
  readonly credential: string;
  readonly body?: string;
}

const ROOM = 2048;

/** One connection of a simulated agent: as little as speaks HTTP, so that the load generator is not what is measured. */
export class RawAgent {
  readonly #conn: Deno.TcpConn;
  readonly #host: string;
  #buffer = new Uint8Array(ROOM);
  #filled = 0;

  private constructor(conn: Deno.TcpConn, host: string) {
    this.#conn = conn;
    this.#host = host;
  }

  /** Connects to a controller on loopback. */
  static async connect(port: number): Promise<RawAgent> {
    return new RawAgent(await Deno.connect({ hostname: "127.0.0.1", port }), `127.0.0.1:${port}`);
  }

  /** Sends a request and waits for the whole answer. */
  async call(request: RawRequest): Promise<RawAnswer> {
    await this.send(request);
    while (true) {
      await this.receive();
      const answer = this.take();
      if (answer !== undefined) return answer;
    }
  }

  /** Sends a request. */
  async send(request: RawRequest): Promise<void> {
    const body = new TextEncoder().encode(request.body ?? "");
    const { line, credential } = request;
    const head =
      `${line} HTTP/1.1\r\nhost: ${this.#host}\r\nauthorization: Bearer ${credential}\r\n` +
      (request.body === undefined
        ? ""
        : `content-type: application/json\r\ncontent-length: ${body.length}\r\n`) +
      "\r\n";
    await this.#write(new TextEncoder().encode(head), body);
  }

  /** Waits until something has come; returns how many bytes there are that were not yet taken. */
  async receive(): Promise<number> {
    if (this.#filled === this.#buffer.length) {
      const larger = new Uint8Array(2 * this.#filled);
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    const read = await this.#conn.read(this.#buffer.subarray(this.#filled));
    if (read === null) throw new Error("the controller closed the connection");
    return this.#filled += read;
  }

  /** Takes an answer out of what has come; undefined while it is not complete. */
  take(): RawAnswer | undefined {
    const text = new TextDecoder("latin1").decode(this.#buffer.subarray(0, this.#filled));
    const head = text.indexOf("\r\n\r\n") + 4;
    if (head < 4) return undefined;
    const length = Number(/content-length: *([0-9]+)/i.exec(text.slice(0, head))?.[1] ?? 0);
    const bytes = head + length;
    if (this.#filled < bytes) return undefined;
    const body = new TextDecoder().decode(this.#buffer.subarray(head, bytes));
    this.#buffer = this.#buffer.length > ROOM ? new Uint8Array(ROOM) : this.#buffer;
    this.#filled = 0;
    return { status: Number(text.slice(9, 12)), bytes, body };
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
}
