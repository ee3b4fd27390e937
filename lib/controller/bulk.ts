/** How bulky answers are sent. */
export interface BulkOptions {
  /** Answers that are under way at the same time; the others wait for their turn. */
  readonly slots: number;
  /** A reader that takes nothing for this long is given up, milliseconds. */
  readonly stallMs: number;
  /** The same while others wait for their turn. */
  readonly crowdedMs: number;
}

/** Bytes that are handed over at once. */
const PIECE = 64 * 1024;

/** Answers up to this size are not bulky: a reader that does not read them costs no more than its connection. */
export const BULKY = 64 * 1024;

interface Sending {
  /** When the reader last took something, milliseconds. */
  touched: number;
  readonly giveUp: () => void;
}

/**
 * Sends bulky answers, such as the whole mesh, piece by piece as the reader takes them. What slow and dead readers cost is
 * bounded: by the number of slots, and by giving up those that take nothing, sooner when others wait.
 */
export class Bulk {
  readonly #options: BulkOptions;
  readonly #sending = new Set<Sending>();
  readonly #waiting: (() => void)[] = [];
  #reserved = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: BulkOptions) {
    this.#options = options;
  }

  /** How many answers are under way. */
  get underWay(): number {
    return this.#sending.size + this.#reserved;
  }

  /** A stream of `bytes` that begins when it is its turn. */
  async stream(bytes: Uint8Array<ArrayBuffer>): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    await this.#turn();
    let at = 0;
    let sending: Sending;
    return new ReadableStream({
      start: (controller) => {
        const giveUp = () => controller.error(new Error("the reader takes nothing"));
        sending = { touched: performance.now(), giveUp };
        this.#begin(sending);
      },
      pull: (controller) => {
        sending.touched = performance.now();
        controller.enqueue(bytes.subarray(at, at += PIECE));
        if (at < bytes.length) return;
        this.#end(sending);
        controller.close();
      },
      cancel: () => this.#end(sending),
    }, { highWaterMark: 0 });
  }

  #turn(): Promise<void> {
    const { slots, crowdedMs } = this.#options;
    if (this.underWay >= slots) this.#giveUpAfter(crowdedMs);
    if (this.underWay >= slots) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#reserved++;
    return Promise.resolve();
  }

  #begin(sending: Sending): void {
    this.#reserved--;
    this.#sending.add(sending);
    this.#timer ??= setInterval(() => {
      const { stallMs, crowdedMs } = this.#options;
      this.#giveUpAfter(this.#waiting.length > 0 ? crowdedMs : stallMs);
    }, this.#options.crowdedMs / 2);
  }

  #end(sending: Sending): void {
    if (!this.#sending.delete(sending)) return;
    const next = this.#waiting.shift();
    if (next !== undefined) {
      this.#reserved++;
      next();
    } else if (this.underWay === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  #giveUpAfter(ms: number): void {
    const before = performance.now() - ms;
    for (const sending of this.#sending) {
      if (sending.touched > before) continue;
      sending.giveUp();
      this.#end(sending);
    }
  }
}
