import type { Mesh } from "../model/enrolment_api.ts";
import { type AuditEntry, insertAudit } from "../store/audit.ts";
import type { Database } from "../store/database.ts";
import type { Bulk } from "./bulk.ts";
import type { Feed } from "./feed.ts";
import type { Sessions } from "./dashboard/sessions.ts";
import type { Viewers } from "./dashboard/viewers.ts";
import type { Log } from "./log.ts";
import type { MetricsAccess } from "./metrics_access.ts";
import type { MeshState } from "./mesh_state.ts";
import type { PasswordGate } from "./password_gate.ts";
import type { RequestCounts } from "./request_counts.ts";
import type { Sightings } from "./sightings.ts";
import type { StatusBoard } from "./status_board.ts";

/** What the calls of the API work with. */
export interface Context {
  readonly database: Database;
  readonly state: MeshState;
  readonly feed: Feed;
  readonly bulk: Bulk;
  readonly sightings: Sightings;
  /** What the nodes tell of themselves. */
  readonly board: StatusBoard;
  readonly gate: PasswordGate;
  readonly sessions: Sessions;
  readonly viewers: Viewers;
  readonly metricsAccess: MetricsAccess;
  /** Requests answered, for the metrics. */
  readonly requests: RequestCounts;
  readonly log: Log;
  /** Pools that new nodes get their addresses from. */
  readonly pools: Mesh;
  /** Days that released addresses rest before another node may get them. */
  readonly quarantineDays: number;
  /** Proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: Mesh["nodePools"];
  /** Fingerprint of the CA that agents pin; null when there is none of its own. */
  readonly caFingerprint: string | null;
  /** What it waits for before it can serve; empty when ready. */
  readonly waitingFor: () => readonly string[];
  /** Takes in what other controllers stored. */
  readonly catchUp: () => Promise<void>;
  /** RFC 3339 time in UTC. */
  readonly now: () => string;
}

/** Keeps something that anybody can cause; drops it when the database cannot take it, because nobody waits for it. */
export function noteNoise(context: Context, entry: Omit<AuditEntry, "at">): void {
  context.log("warning", entry.detail, { action: entry.action, source: entry.source });
  context.database.write((tx) => insertAudit(tx, { ...entry, at: context.now() })).catch(() => {});
}
