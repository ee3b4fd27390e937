import type { ControllerClient } from "../client/controller_client.ts";
import type { FetchLike } from "../client/exchange.ts";
import { ProblemError } from "../client/problem_error.ts";
import { messageOf } from "../model/errors.ts";
import type { ControllerFact } from "../plan/doctor_facts.ts";

/** A `fetch` that notes the `Date` of answers (RFC 9110 §6.6.1), to compare clocks by. */
export class DatedFetch {
  /** Seconds that this machine's clock is ahead, by the last answer. */
  aheadS: number | undefined;

  constructor(private readonly inner: FetchLike, private readonly now: () => number) {}

  /** To give to a client. */
  readonly fetch: FetchLike = async (input, init) => {
    const sent = this.now();
    const response = await this.inner(input, init);
    const told = Date.parse(response.headers.get("date") ?? "");
    // The header has whole seconds, cut off; the middle of the second and of the exchange is the best guess.
    if (!Number.isNaN(told)) this.aheadS = ((sent + this.now()) / 2 - (told + 500)) / 1000;
    return response;
  };
}

/** What asking needs. */
export interface AskOptions {
  /** Client without a credential that uses `dated`. */
  readonly client: ControllerClient;
  readonly dated: DatedFetch;
  /** The node's secret, when it has enrolled. */
  readonly secret: string | undefined;
}

async function refusalOf(options: AskOptions): Promise<string | undefined> {
  const { client, secret } = options;
  if (secret === undefined) return undefined;
  try {
    await client.as({ kind: "node", secret }).feed({ since: 0 });
    return undefined;
  } catch (error) {
    if (error instanceof ProblemError) return messageOf(error);
    throw error;
  }
}

/** Asks the controller whether it is there, and whether it knows this node. Changes nothing. */
export async function askController(options: AskOptions): Promise<ControllerFact> {
  const { client, dated, secret } = options;
  const silent = { url: client.url as string, refusal: undefined, knowsNode: false };
  try {
    await client.ready();
    const refusal = await refusalOf(options);
    const knowsNode = secret !== undefined && refusal === undefined;
    const { url } = client;
    return { url, unreachable: undefined, refusal, knowsNode, clockAheadS: dated.aheadS };
  } catch (error) {
    return { ...silent, unreachable: messageOf(error), clockAheadS: dated.aheadS };
  }
}
