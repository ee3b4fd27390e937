import type { ControllerClient } from "../client/controller_client.ts";
import { ProblemError } from "../client/problem_error.ts";
import type { EnrolRequest } from "../model/enrolment_api.ts";
import { InputError } from "../model/errors.ts";
import type { HostName } from "../model/host_name.ts";
import type { Assignment, NodeReport } from "../model/node.ts";
import type { StateDir } from "../host/state_dir.ts";
import { FILES, type Identity, KEY_FILE, recall, remember } from "./memory.ts";

/** A new secret: 32 random bytes in hexadecimal. */
export function newSecret(): string {
  return [...crypto.getRandomValues(new Uint8Array(32))].map((b) => b.toString(16).padStart(2, "0"))
    .join("");
}

/** How long the controller may take to answer: many may enrol at once, for example after a power cut. Milliseconds. */
const ANSWER_MS = 30_000;

/** What enrolling needs. */
export interface EnrolOptions {
  readonly dir: StateDir;
  /** Client without a credential. */
  readonly client: ControllerClient;
  readonly token: string | undefined;
  readonly name: HostName;
  readonly report: NodeReport;
  /** What this node had before the controller forgot it; given again when it is free. */
  readonly claim?: Assignment;
}

function enrolRequest(options: EnrolOptions & { readonly secret: string }): EnrolRequest {
  const { name, secret, report, claim } = options;
  if (claim === undefined) return { name, secret, report };
  const { name: _, ...held } = claim;
  return { name, secret, report, claim: held };
}

/**
 * Enrols a node that is not yet enrolled. The secret is on disk before it is sent: when the answer is lost, the next try
 * sends the same one, and the controller gives the same assignment.
 * @throws {InputError} without a token, {ProblemError} when refused (nothing stays on disk then), {UnreachableError}.
 */
export async function enrol(options: EnrolOptions): Promise<Identity> {
  const { dir, client, token } = options;
  if (token === undefined) {
    throw new InputError(
      '--agenttoken is missing: this node has not enrolled yet; make a token with "meshover token gen"',
    );
  }
  const before = await recall(dir, FILES.identity);
  const secret = before?.secret ?? newSecret();
  // Who it was stays on disk until the controller has answered: without an answer it goes on as that.
  const { next: _, ...kept } = before ?? {};
  await remember(dir, { file: FILES.identity, value: { ...kept, secret } });
  try {
    const answer = await client.as({ kind: "token", token }).patient(ANSWER_MS).enrol(
      enrolRequest({ ...options, secret }),
    );
    const identity: Identity = { secret, enrolled: answer };
    await remember(dir, { file: FILES.identity, value: identity });
    return identity;
  } catch (error) {
    if (error instanceof ProblemError && before === undefined) {
      await dir.remove(FILES.identity.name);
      await dir.remove(KEY_FILE);
    }
    throw error;
  }
}
