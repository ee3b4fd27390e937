import { type Conversation, ConversationError } from "./conversation.ts";
import type { Exec } from "./exec.ts";

/** What a shell is started through. */
export interface VtyshShellParts {
  readonly exec: Exec;
  /** The words that start vtysh so that it reads commands from its standard input. */
  readonly argv: readonly string[];
  /** Milliseconds that all answers to one question may take. */
  readonly timeoutMs: number;
}

/**
 * How vtysh tells that a daemon was started again, or has ended, since it was asked last. It connects anew by itself, but what
 * it has answered until then is not whole.
 */
const LOST = /^Warning: /m;

/**
 * One vtysh that stays and is asked again and again: starting one takes twenty milliseconds of a processor, which is more than
 * most answers do. It prints each command behind its prompt before it carries it out; a comment after each command
 * (`!7.2`, which vtysh passes over) tells where its answer ends.
 */
export class VtyshShell {
  readonly #parts: VtyshShellParts;
  #conversation: Conversation | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #questions = 0;
  #isClosed = false;

  constructor(parts: VtyshShellParts) {
    this.#parts = parts;
  }

  /**
   * The answers to these commands, in order. Undefined when this vtysh cannot be relied on, and a new one is to be asked: it could
   * not be kept, ended, hung, or lost a daemon.
   * @throws {MissingProgramError} when there is no vtysh.
   */
  ask(commands: readonly string[]): Promise<readonly string[] | undefined> {
    // One question at a time: answers carry nobody's name.
    const answers = this.#last.then(() => this.#ask(commands));
    this.#last = answers.catch(() => {});
    return answers;
  }

  /** The next question goes to a new one: this one knows only the daemons that ran when it was started. */
  async renew(): Promise<void> {
    const conversation = this.#conversation;
    this.#conversation = undefined;
    await conversation?.close();
  }

  /** Ends it for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.renew();
  }

  async #ask(commands: readonly string[]): Promise<readonly string[] | undefined> {
    const { exec, argv, timeoutMs } = this.#parts;
    if (this.#isClosed || exec.converse === undefined) return undefined;
    const marks = ["", ...commands].map((_, index) => `!${this.#questions}.${index}`);
    this.#questions++;
    try {
      this.#conversation ??= exec.converse(argv);
      const lines = [marks[0]!, ...commands.flatMap((command, i) => [command, marks[i + 1]!])];
      const text = await this.#conversation.ask(lines.map((line) => `${line}\n`).join(""), {
        end: `# ${marks.at(-1)!}\n`,
        timeoutMs,
      });
      const answers = answersIn(text, marks);
      if (answers !== undefined && !answers.some((answer) => LOST.test(answer))) return answers;
    } catch (error) {
      if (!(error instanceof ConversationError)) throw error;
    }
    await this.renew();
    return undefined;
  }
}

/** What stands between two marks, without the line that repeats the command and without the prompt of the second mark. */
function answersIn(text: string, [first, ...others]: readonly string[]): string[] | undefined {
  const begin = text.indexOf(`${first}\n`);
  if (begin === -1) return undefined;
  const prompt = text.slice(text.lastIndexOf("\n", begin) + 1, begin);
  const answers: string[] = [];
  let rest = text.slice(begin + first!.length + 1);
  for (const mark of others) {
    const end = `${prompt}${mark}\n`;
    const at = rest.indexOf(end);
    // A line that is longer than a terminal's is repeated in part, but is one line.
    const answer = rest.indexOf("\n") + 1;
    if (at === -1 || answer === 0 || answer > at) return undefined;
    answers.push(rest.slice(answer, at));
    rest = rest.slice(at + end.length);
  }
  return answers;
}
