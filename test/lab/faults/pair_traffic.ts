import type { Background } from "../background.ts";
import type { LabHost } from "../lab_host.ts";
import type { NodeAddress } from "../node_address.ts";

/** Milliseconds between two packets of a stream. */
const EVERY_MS = 50;

/** What became of the packets between two nodes since it was last asked. */
export interface Loss {
  readonly lost: number;
  /** Longest time without an answer, milliseconds. */
  readonly gapMs: number;
}

/** A steady stream of echo requests between two nodes, counted while it runs. */
class Stream {
  #last = 0;
  #lost = 0;
  #longest = 0;

  constructor(readonly names: readonly [string, string], readonly ping: () => Background) {}

  take(line: string): void {
    const seq = Number(/icmp_seq=(\d+) ttl=/.exec(line)?.[1] ?? 0);
    // An answer that comes late or twice is none that was lost; those before it were counted already.
    if (seq <= this.#last) return;
    const missing = this.#last === 0 ? 0 : seq - this.#last - 1;
    this.#lost += missing;
    this.#longest = Math.max(this.#longest, missing);
    this.#last = seq;
  }

  read(): Loss {
    const loss = { lost: this.#lost, gapMs: this.#longest * EVERY_MS };
    this.#lost = 0;
    this.#longest = 0;
    return loss;
  }
}

/** Continuous traffic between all pairs of nodes, by their overlay addresses. */
export class PairTraffic {
  readonly #streams: Stream[] = [];

  /** Starts a stream for each pair and waits until each has had an answer. */
  static async start(
    hosts: readonly LabHost[],
    addresses: ReadonlyMap<string, NodeAddress>,
  ): Promise<PairTraffic> {
    const traffic = new PairTraffic();
    const starting: Promise<unknown>[] = [];
    hosts.forEach((from, i) => {
      for (const to of hosts.slice(i + 1)) {
        const argv = ["ping", "-n", "-i", String(EVERY_MS / 1000), addresses.get(to.name)!.v4];
        const stream: Stream = new Stream([from.name, to.name], () => ping);
        const ping = from.start(argv, {
          name: `ping ${from.name} ${to.name}`,
          onLine: (line) => stream.take(line),
        });
        traffic.#streams.push(stream);
        starting.push(ping.waitForLine(/icmp_seq=/));
      }
    });
    await Promise.all(starting);
    return traffic;
  }

  /** Losses since the last call, of the pairs that `node` is one of, and of the others. */
  read(node: string): { readonly own: Loss; readonly others: Loss } {
    const all = this.#streams.map((s) => ({ own: s.names.includes(node), loss: s.read() }));
    const sum = (own: boolean): Loss => {
      const losses = all.filter((l) => l.own === own).map((l) => l.loss);
      return {
        lost: losses.reduce((total, loss) => total + loss.lost, 0),
        gapMs: Math.max(0, ...losses.map((loss) => loss.gapMs)),
      };
    };
    return { own: sum(true), others: sum(false) };
  }

  /** Ends all streams. */
  async stop(): Promise<void> {
    await Promise.all(this.#streams.map((stream) => stream.ping().stop({ signal: "INT" })));
  }
}
