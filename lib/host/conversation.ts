/** A program that goes on, is told lines and answers them. */
export interface Conversation {
  /**
   * Tells it `text`, and gives what it has printed since the last answer, up to and including `end`.
   * @throws {ConversationError} when it ends before that, or takes longer; it is of no use any more then.
   */
  ask(text: string, options: AskOptions): Promise<string>;
  /** Ends it, and waits for that. */
  close(): Promise<void>;
}

/** How an answer ends. */
export interface AskOptions {
  /** What the answer ends with. */
  readonly end: string;
  /** Milliseconds that it may take. */
  readonly timeoutMs: number;
}

/** A conversation is over: the program ended, or did not answer in time. */
export class ConversationError extends Error {}

/** A conversation with a process by its standard input and output. */
export class ProcessConversation implements Conversation {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #rest = "";
  #isOver = false;

  /** @param child with its standard input and output piped. */
  constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#writer = child.stdin.getWriter();
    // Who is in the middle of being told more learns of the end by the answer that does not come.
    this.#writer.closed.catch(() => {});
    this.#reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  async ask(text: string, { end, timeoutMs }: AskOptions): Promise<string> {
    const timer = setTimeout(() => void this.close(), timeoutMs);
    try {
      const [answer] = await Promise.all([this.#until(end), this.#tell(text)]);
      return answer;
    } catch (error) {
      await this.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    if (!this.#isOver) {
      this.#isOver = true;
      try {
        this.#child.kill("SIGKILL");
      } catch {
        // It has ended already.
      }
      // What it still had to say, and whether it could be told more, matters to nobody.
      await Promise.allSettled([this.#reader.cancel(), this.#writer.abort()]);
    }
    await this.#child.status;
  }

  async #tell(text: string): Promise<void> {
    try {
      await this.#writer.write(new TextEncoder().encode(text));
    } catch {
      throw new ConversationError("the program takes no more questions");
    }
  }

  async #until(end: string): Promise<string> {
    const pieces = [this.#rest];
    // The end may come in two pieces.
    for (let tail = this.#rest; !tail.includes(end);) {
      const { value, done } = await this.#reader.read();
      if (done) throw new ConversationError("the program ended before it answered");
      pieces.push(value);
      tail = tail.slice(-end.length) + value;
    }
    const all = pieces.join("");
    const after = all.indexOf(end) + end.length;
    this.#rest = all.slice(after);
    return all.slice(0, after);
  }
}
