import type { HostName } from "../model/host_name.ts";
import { Refusal } from "../model/refusal.ts";

/** What is known of the agent token that was shown. */
export interface TokenFacts {
  readonly id: number;
  readonly once: boolean;
  readonly uses: number;
  /** The only name it may enrol; null for any. */
  readonly name: HostName | null;
  /** RFC 3339 times in UTC, or null. */
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

/** What is known of the node that holds the name. */
export interface HolderFacts {
  /** Hashes of the secrets that it may use; empty when it is reserved or was reset. */
  readonly secretHashes: readonly string[];
}

/** Facts that decide over an enrolment. */
export interface EnrolFacts {
  readonly name: HostName;
  /** Hash of the secret that the node brought. */
  readonly secretHash: string;
  /** Undefined when the token is unknown. */
  readonly token: TokenFacts | undefined;
  /** Undefined when nobody holds the name. */
  readonly holder: HolderFacts | undefined;
  /** Whether a node has used this secret: none, one that is there, or one that was removed. */
  readonly secretState: "unused" | "used" | "removed";
  /** RFC 3339 time in UTC. */
  readonly now: string;
}

/** `repeat`: it has enrolled already; `bind`: give the held name to it; `new`: make a node. */
export type Enrolment = "repeat" | "bind" | "new";

/** The state of a token at `now`. */
export function tokenState(
  token: Omit<TokenFacts, "id" | "name">,
  now: string,
): "valid" | "spent" | "expired" | "revoked" {
  if (token.revokedAt !== null) return "revoked";
  if (token.once && token.uses > 0) return "spent";
  return token.expiresAt !== null && token.expiresAt <= now ? "expired" : "valid";
}

/**
 * Decides over an enrolment. The same name with the same secret is the same node asking again (its answer was lost), so
 * the token is neither looked at nor counted.
 * @throws {Refusal} when it may not enrol.
 */
export function admitEnrol(facts: EnrolFacts): Enrolment {
  const { name, holder, token } = facts;
  if (holder?.secretHashes.includes(facts.secretHash)) return "repeat";
  requireValid(token, facts.now);
  if (token !== undefined && token.name !== null && token.name !== name) {
    throw new Refusal({
      status: 403,
      code: "token_name",
      detail: `this token may enrol "${token.name}" only`,
    });
  }
  requireFresh(facts.secretState);
  if (holder === undefined) return "new";
  if (holder.secretHashes.length === 0) return "bind";
  throw new Refusal({
    status: 409,
    code: "name_taken",
    detail:
      `"${name}" is held by another node; choose another --hostname, or run \`meshover node reset ${name}\` if it is this one`,
  });
}

/** A secret names one node: two nodes with the same state folder must not become one. */
function requireFresh(state: EnrolFacts["secretState"]): void {
  if (state === "removed") {
    throw new Refusal({
      status: 410,
      code: "node_removed",
      detail:
        "this node was removed from the mesh; run `meshover down` on it to enrol it as a new node",
    });
  }
  if (state === "used") {
    throw new Refusal({
      status: 409,
      code: "secret_taken",
      detail:
        "this node has enrolled under another name; keep that --hostname, or remove the node and run `meshover down`",
    });
  }
}

function requireValid(token: TokenFacts | undefined, now: string): void {
  if (token === undefined) {
    throw new Refusal({
      status: 401,
      code: "token_unknown",
      detail: "the agent token is unknown; make one with `meshover token gen`",
    });
  }
  const state = tokenState(token, now);
  if (state === "valid") return;
  const why = {
    spent: "was made for one node and has enrolled it",
    expired: "has expired",
    revoked: "was revoked",
  }[state];
  throw new Refusal({
    status: 401,
    code: `token_${state}`,
    detail: `the agent token ${why}; make another with \`meshover token gen\``,
  });
}
