import {
  MAX_ROUTE_DECISIONS,
  type RouteDecision,
  type RouteMode,
  type RoutePolicy,
  type RouteVerdict,
} from "../model/route_policy.ts";
import type { Prefix } from "../model/prefix.ts";
import { Refusal } from "../model/refusal.ts";
import { bumpRevision } from "./mesh.ts";
import { int, type Reader, text, type Tx } from "./sql.ts";

/** Stands for every node: numbers of nodes begin at 1. */
const EVERY_NODE = 0;

/** A decision as it is stored. */
export interface StoredDecision extends RouteDecision {
  /** RFC 3339. */
  readonly at: string;
}

/** What was decided and the policy that it is part of. */
export interface StoredPolicy {
  /** Revision of the mesh at which it last changed. */
  readonly revision: number;
  readonly mode: RouteMode;
  readonly decisions: readonly StoredDecision[];
}

/** Revision of the mesh at which the policy last changed. */
export async function routeRevision(reader: Reader): Promise<number> {
  return int((await reader.all("SELECT route_revision FROM mesh"))[0]!, "route_revision");
}

/** The policy and all decisions, by prefix. */
export async function readRoutePolicy(reader: Reader): Promise<StoredPolicy> {
  const [row] = await reader.all("SELECT route_mode, route_revision FROM mesh");
  const rows = await reader.all("SELECT * FROM route_decision ORDER BY prefix, number");
  return {
    revision: int(row!, "route_revision"),
    mode: text(row!, "route_mode") as RouteMode,
    decisions: rows.map((one) => {
      const number = int(one, "number");
      return {
        prefix: text(one, "prefix") as Prefix,
        node: number === EVERY_NODE ? null : number,
        verdict: text(one, "verdict") as RouteVerdict,
        at: text(one, "at"),
      };
    }),
  };
}

/** The part of a stored policy that nodes are told. */
export function toldPolicy({ mode, decisions }: StoredPolicy): RoutePolicy {
  return { mode, decisions: decisions.map(({ at: _at, ...decision }) => decision) };
}

/** Sets which routes are taken. True when that is another mode than before. */
export async function setRouteMode(tx: Tx, mode: RouteMode): Promise<boolean> {
  const [row] = await tx.all("SELECT route_mode FROM mesh");
  if (text(row!, "route_mode") === mode) return false;
  await tx.run("UPDATE mesh SET route_mode = ?", [mode]);
  await routesChanged(tx);
  return true;
}

/** What to think of a prefix from now on. */
export interface DecisionChange {
  readonly prefix: Prefix;
  /** Number; null for every node. */
  readonly node: number | null;
  /** Null takes back what was decided. */
  readonly verdict: RouteVerdict | null;
  /** RFC 3339 time in UTC. */
  readonly now: string;
}

/**
 * Stores or takes back a decision. False when that is what was decided before.
 * @throws {Refusal} when there are too many.
 */
export async function decideRoute(tx: Tx, change: DecisionChange): Promise<boolean> {
  const { prefix, verdict, now } = change;
  const key = [prefix, change.node ?? EVERY_NODE];
  const where = "WHERE prefix = ? AND number = ?";
  const [known] = await tx.all(`SELECT verdict FROM route_decision ${where}`, key);
  if ((known === undefined ? null : text(known, "verdict")) === verdict) return false;
  await tx.run(`DELETE FROM route_decision ${where}`, key);
  if (verdict !== null) {
    await requireRoom(tx);
    await tx.run("INSERT INTO route_decision (prefix, number, verdict, at) VALUES (?, ?, ?, ?)", [
      ...key,
      verdict,
      now,
    ]);
  }
  await routesChanged(tx);
  return true;
}

/** Forgets what was decided about a node that is removed: its number is never used again. */
export async function forgetRoutesOf(tx: Tx, number: number): Promise<void> {
  const about = await tx.all("SELECT 1 FROM route_decision WHERE number = ? LIMIT 1", [number]);
  if (about.length === 0) return;
  await tx.run("DELETE FROM route_decision WHERE number = ?", [number]);
  await routesChanged(tx);
}

async function requireRoom(tx: Tx): Promise<void> {
  const [row] = await tx.all("SELECT count(*) AS count FROM route_decision");
  if (int(row!, "count") < MAX_ROUTE_DECISIONS) return;
  throw new Refusal({
    status: 409,
    code: "too_many_decisions",
    detail: `${MAX_ROUTE_DECISIONS} prefixes are decided on already; decide on a wider one ` +
      "(it holds for everything inside), and take narrower ones back",
  });
}

/** Moves the revision on, so that every node hears of it. */
async function routesChanged(tx: Tx): Promise<void> {
  await tx.run("UPDATE mesh SET route_revision = ?", [await bumpRevision(tx)]);
}
