import type { BgpSession } from "../host/frr_sessions.ts";
import { explainRefusals } from "../plan/why_refused.ts";
import type { RouteLook } from "./route_teller.ts";
import type { Seen } from "./teller.ts";

/** What the routes of a node are judged by, and which sessions they come over. */
export function routeLook(
  { assignment, snapshot, plan }: Seen,
  sessions: ReadonlyMap<string, BgpSession>,
): RouteLook {
  const explain = explainRefusals({
    self: assignment,
    snapshot,
    policy: snapshot.routePolicy,
    underlayPrefixes: plan.underlay.prefixes,
  });
  return { sessions, asn: assignment.asn, rules: String(snapshot.revision), explain };
}
