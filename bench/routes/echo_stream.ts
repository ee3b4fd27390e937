import type { Background } from "../../test/lab/background.ts";
import type { LabHost } from "../../test/lab/lab_host.ts";

/** An answer as `ping -D` prints it, with the time at which it came. */
const ANSWER = /^\[([\d.]+)\] \d+ bytes from .*icmp_seq=(\d+)/;

interface Answer {
  /** Seconds since 1970. */
  readonly at: number;
  readonly seq: number;
}

/** A steady stream of echo requests whose answers are noted with their times. */
export class EchoStream {
  readonly #answers: Answer[] = [];
  readonly #ping: Background;

  /** Starts it; requests that find no route are tried again like all others. */
  constructor(from: LabHost, to: { readonly address: string; readonly everyMs: number }) {
    this.#ping = from.start(["ping", "-D", "-n", "-i", String(to.everyMs / 1000), to.address], {
      name: `ping ${to.address} from ${from.name}`,
      onLine: (line) => {
        const found = ANSWER.exec(line);
        if (found !== null) this.#answers.push({ at: Number(found[1]), seq: Number(found[2]) });
      },
    });
  }

  /** When the first answer came, seconds since 1970; undefined before. */
  get firstAt(): number | undefined {
    return this.#answers[0]?.at;
  }

  /** How many answers have come. */
  get count(): number {
    return this.#answers.length;
  }

  /** Longest time between two answers so far, seconds. */
  get longestGapS(): number {
    const times = this.#answers.map(({ at }) => at);
    return Math.max(0, ...times.slice(1).map((at, index) => at - times[index]!));
  }

  /** Requests so far without an answer although later ones got theirs. */
  get lost(): number {
    const numbers = new Set(this.#answers.map(({ seq }) => seq));
    return numbers.size === 0 ? 0 : Math.max(...numbers) - Math.min(...numbers) + 1 - numbers.size;
  }

  /** Ends it. */
  async stop(): Promise<void> {
    await this.#ping.stop({ signal: "INT" });
  }
}
