import type { CredentialKind } from "../model/routes.ts";
import { Refusal } from "../model/refusal.ts";
import { parseAuthorization, type Presented } from "../plan/authorization.ts";
import { promoteSecret } from "../store/rotate_secret.ts";
import { type Context, noteNoise } from "./context.ts";
import { sha256Hex } from "./hash.ts";
import type { KeptNode } from "./kept_node.ts";

/** Who calls, by the credential that the call wants. */
export interface Callers {
  readonly none: null;
  /** Hash of the token; whether it is valid is decided with the enrolment, in the same transaction. */
  readonly token: { readonly tokenHash: string };
  readonly node: { readonly node: KeptNode };
  readonly admin: null;
}

/** What an `Authorization` header and its sender are. */
export interface Shown {
  readonly header: string | undefined;
  /** Address of the sender. */
  readonly source: string;
}

/**
 * Finds out who calls.
 * @throws {Refusal} 401 without the right credential, 410 for a removed node, 429 for one who guesses passwords.
 */
export async function identify(
  context: Context,
  shown: Shown & { readonly credential: CredentialKind },
): Promise<Callers[CredentialKind]> {
  const presented = parseAuthorization(shown.header);
  switch (shown.credential) {
    case "none":
      return null;
    case "token":
      return { tokenHash: sha256Hex(bearer(presented, "agent token")) };
    case "node":
      return { node: await nodeOf(context, sha256Hex(bearer(presented, "node secret"))) };
    case "admin":
      return requireAdmin(context, { presented, source: shown.source });
    default:
      return shown.credential satisfies never;
  }
}

function bearer(presented: Presented, what: string): string {
  if (presented.kind === "bearer") return presented.secret;
  throw presented.kind === "none"
    ? missing(`this call needs the ${what} as bearer credential`)
    : malformed(`this call needs the ${what} as bearer credential, not something else`);
}

async function nodeOf(context: Context, hash: string): Promise<KeptNode> {
  let holder = context.state.holderOf(hash);
  if (holder === undefined) {
    // It may have enrolled a moment ago at another controller.
    await context.catchUp();
    holder = context.state.holderOf(hash);
  }
  if (holder === undefined) {
    throw new Refusal({
      status: 401,
      code: "secret_unknown",
      detail: "this node is not known here; it must enrol again with an agent token",
    });
  }
  if (holder.kind === "removed") {
    throw new Refusal({
      status: 410,
      code: "node_removed",
      detail: "this node was removed from the mesh; run `meshover down` on it",
    });
  }
  const { node } = holder;
  if (node.nextSecretHash === hash) {
    const used = { number: node.number, hash, now: context.now() };
    await context.database.write((tx) => promoteSecret(tx, used));
  }
  context.sightings.saw(node.number);
  return node;
}

function requireAdmin(
  context: Context,
  options: { presented: Presented; source: string },
): null {
  const { presented, source } = options;
  if (presented.kind === "none") throw missing("this call needs the admin password");
  if (presented.kind !== "basic") {
    throw malformed("this call needs the admin password as basic credential");
  }
  if (presented.user === "admin" && context.gate.check(presented.password, source)) {
    return null;
  }
  noteNoise(context, {
    source,
    actor: "unknown",
    action: "password.wrong",
    subject: "",
    detail: "wrong admin password",
  });
  throw new Refusal({ status: 401, code: "password_wrong", detail: "the admin password is wrong" });
}

function missing(detail: string): Refusal {
  return new Refusal({ status: 401, code: "credential_missing", detail });
}

function malformed(detail: string): Refusal {
  return new Refusal({ status: 401, code: "credential_malformed", detail });
}
