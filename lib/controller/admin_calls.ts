import type { NodeRow } from "../model/nodes_api.ts";
import { type Assignment, tunnelAddressesOf } from "../model/node.ts";
import { Refusal } from "../model/refusal.ts";
import { insertAudit, listAudit } from "../store/audit.ts";
import {
  addNode,
  type ChangeContext,
  removeNode,
  resetNode,
  setNode,
} from "../store/node_changes.ts";
import { endQuarantine } from "../store/leases.ts";
import type { Tx } from "../store/sql.ts";
import { askForNewSecret, secretAge } from "../store/rotate_secret.ts";
import { insertToken, listTokens, revokeToken } from "../store/tokens.ts";
import type { Handlers } from "./call.ts";
import type { Context } from "./context.ts";
import { draw, randomHex } from "./draw.ts";
import { sha256Hex } from "./hash.ts";
import { assignmentOf, type KeptNode, peerOf } from "./kept_node.ts";

type NodeCalls =
  | "nodes"
  | "node"
  | "addNode"
  | "setNode"
  | "removeNode"
  | "resetNode"
  | "rotateNode";

/** What an operator asks about nodes and does to them. */
export const adminNodeCalls: Pick<Handlers, NodeCalls> = {
  // What this controller has not heard of yet, because another stored it a moment ago, belongs to the answer too.
  async nodes({ context }) {
    await context.catchUp();
    const records = [...context.state.nodes()].sort((a, b) => a.number - b.number);
    const rows = records.map((node) => rowOf(context, node)).filter((row) => row !== undefined);
    const reserved = records.filter((node) => node.enrolledAt === null).map(assignmentOf);
    return {
      nodes: rows,
      reserved,
      pools: context.pools,
      revision: context.state.revision,
    };
  },

  async node({ params, context }) {
    await context.catchUp();
    const node = context.state.nodeNamed(params.name);
    if (node === undefined) {
      throw new Refusal({
        status: 404,
        code: "node_unknown",
        detail: `there is no node "${params.name}"; see \`meshover node list\``,
      });
    }
    const row = rowOf(context, node);
    if (row === undefined) return { reserved: assignmentOf(node) };
    const { since, askedAt } = await context.database.read((db) => secretAge(db, node.number));
    return { ...withRoutes(context, row), secretSince: since, secretAskedAt: askedAt };
  },

  addNode: ({ body, source, context }) =>
    change(context, { source, action: "node.add" }, (tx, how) => addNode(tx, body, how)),

  setNode: ({ params, body, source, context }) =>
    change(
      context,
      { source, action: "node.set" },
      (tx, how) => setNode(tx, { ...body, name: params.name }, how),
    ),

  async removeNode({ params, source, context }) {
    const { self } = await change(
      context,
      { source, action: "node.remove" },
      (tx, { now }) => removeNode(tx, { name: params.name, now }),
    );
    context.sightings.forget(self.number);
    return { done: true };
  },

  async resetNode({ params, source, context }) {
    await change(context, { source, action: "node.reset" }, (tx) => resetNode(tx, params.name));
    return { done: true };
  },

  async rotateNode({ params, source, context }) {
    await change(
      context,
      { source, action: "node.rotate.ask" },
      (tx, { now }) => askForNewSecret(tx, { name: params.name, now }),
    );
    return { done: true };
  },
};

/** What an operator does with tokens, and the audit log. */
export const adminTokenCalls: Pick<Handlers, "createToken" | "tokens" | "revokeToken" | "audit"> = {
  async createToken({ body, source, context }) {
    const token = randomHex();
    const [hash, now] = [sha256Hex(token), context.now()];
    const expiresAt = body.ttlS === null
      ? null
      : new Date(Date.parse(now) + body.ttlS * 1000).toISOString();
    const stored = { ...body, hash, prefix: token.slice(0, 6), now, expiresAt };
    const id = await context.database.write(async (tx) => {
      const made = await insertToken(tx, stored);
      await insertAudit(
        tx,
        admin({
          at: now,
          source,
          action: "token.create",
          subject: String(made),
          detail: body.note,
        }),
      );
      return made;
    });
    return { id, token, ca: context.caFingerprint };
  },

  tokens: async ({ context }) => ({
    tokens: await context.database.read((db) => listTokens(db, context.now())),
  }),

  async revokeToken({ params, source, context }) {
    const now = context.now();
    await context.database.write(async (tx) => {
      await revokeToken(tx, { id: params.id, now });
      await insertAudit(
        tx,
        admin({ at: now, source, action: "token.revoke", subject: String(params.id), detail: "" }),
      );
    });
    return { done: true };
  },

  audit: async ({ query, context }) => ({
    entries: await context.database.read((db) => listAudit(db, query.limit)),
  }),
};

/** A change of one node by an operator, with its trace. */
async function change(
  context: Context,
  options: { source: string; action: string },
  apply: (tx: Tx, how: ChangeContext) => Promise<Assignment>,
): Promise<{ self: Assignment }> {
  const how = { pools: context.pools, draw, now: context.now() };
  const self = await context.database.write(async (tx) => {
    await endQuarantine(tx, quarantineEnd(context));
    const after = await apply(tx, how);
    const detail = `number ${after.number}, AS ${after.asn}, ${
      after.addresses.join(", ")
    }, tunnel ${tunnelAddressesOf(after).join(", ")}`;
    await insertAudit(tx, admin({ at: how.now, ...options, subject: after.name, detail }));
    return after;
  });
  return { self };
}

/** Addresses released before this time are free. */
export function quarantineEnd(context: Context): string {
  return new Date(Date.parse(context.now()) - context.quarantineDays * 86_400_000).toISOString();
}

function admin<T>(entry: T): T & { actor: string } {
  return { ...entry, actor: "admin" };
}

function rowOf(context: Context, node: KeptNode): NodeRow | undefined {
  const peer = peerOf(node);
  if (peer === undefined || node.enrolledAt === null) return undefined;
  const { number } = node;
  const { sightings, board } = context;
  return {
    peer,
    enrolledAt: node.enrolledAt,
    lastSeen: sightings.lastSeen(number),
    status: board.status(number),
  };
}

/** With its routes, which are too many to tell them of all nodes at once. */
function withRoutes(context: Context, row: NodeRow): NodeRow {
  const routes = context.board.routes(row.peer.number);
  if (row.status === null || routes === undefined) return row;
  return { ...row, status: { ...row.status, routes } };
}
