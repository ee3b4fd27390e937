import { HANDSHAKE_DEAD_S } from "../plan/wg_sync.ts";
import type { LocalStatus } from "./local_status.ts";

/** What `status --check` asks. */
export const HEALTH_QUESTIONS = ["live", "ready"] as const;
/** See {@link HEALTH_QUESTIONS}. */
export type HealthQuestion = typeof HEALTH_QUESTIONS[number];

/** An answer, and the reason for it in a line. */
export interface Health {
  readonly ok: boolean;
  readonly reason: string;
}

/** Seconds without a sign after which an agent counts as dead: it writes every 10, and a busy turn may take a while. */
const SILENT_S = 60;

/** Whether the agent works. */
export function isLive(status: LocalStatus, nowMs: number): Health {
  const age = (nowMs - Date.parse(status.written)) / 1000;
  if (age <= SILENT_S) return { ok: true, reason: "the agent works" };
  return { ok: false, reason: `the agent has written nothing for ${Math.round(age)} s` };
}

function isUp(peer: LocalStatus["peers"][number], frr: string): boolean {
  if (frr !== "none") return peer.bgp === "Established";
  return peer.handshakeAgeS !== null && peer.handshakeAgeS < HANDSHAKE_DEAD_S;
}

/** Whether the node carries packets: the agent works, nothing failed, and at least one peer (if there are any) is up. */
export function isReady(status: LocalStatus, nowMs: number): Health {
  const live = isLive(status, nowMs);
  if (!live.ok) return live;
  const [first] = status.reconcile.failed;
  if (first !== undefined) return { ok: false, reason: `cannot ${first.change}: ${first.error}` };
  const up = status.peers.filter((peer) => isUp(peer, status.parts["frr"] ?? "none")).length;
  const of = `${up} of ${status.peers.length} peers are up`;
  return { ok: up > 0 || status.peers.length === 0, reason: of };
}

/** Answers a probe. */
export function checkHealth(question: HealthQuestion, status: LocalStatus, nowMs: number): Health {
  return question === "live" ? isLive(status, nowMs) : isReady(status, nowMs);
}
