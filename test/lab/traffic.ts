import type { Background } from "./background.ts";

/** A machine that programs are started on. */
export interface Sender {
  start(argv: readonly string[], options: { readonly name: string }): Background;
}

/** What became of a stream of echo requests. */
export interface TrafficResult {
  readonly answered: number;
  /** Requests without an answer that later ones got; those under way at the end do not count. */
  readonly lost: number;
}

/** A steady stream of pings from a host to an address, to see what a change does to established traffic. */
export class Traffic {
  readonly #ping: Background;

  private constructor(ping: Background) {
    this.#ping = ping;
  }

  /** Starts the stream, twenty a second, and waits for the first answer. */
  static async start(from: Sender, address: string): Promise<Traffic> {
    const ping = from.start(["ping", "-n", "-i", "0.05", address], { name: `ping ${address}` });
    await ping.waitForLine(/icmp_seq=/);
    return new Traffic(ping);
  }

  /** Ends the stream and counts. */
  async stop(): Promise<TrafficResult> {
    await this.#ping.stop({ signal: "INT" });
    const numbers = [...this.#ping.output.matchAll(/icmp_seq=(\d+) ttl=/g)].map((m) =>
      Number(m[1])
    );
    const answered = new Set(numbers).size;
    const span = answered === 0 ? 0 : Math.max(...numbers) - Math.min(...numbers) + 1;
    return { answered, lost: span - answered };
  }
}
