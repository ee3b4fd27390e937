import type { NodeStatus, PeerStatus } from "../model/node_status.ts";
import type { Assignment } from "../model/node.ts";
import type { WgKey } from "../model/wg_key.ts";
import { VERSION } from "../model/version.ts";
import type { WgCounters } from "../host/wg.ts";
import type { HostState } from "../plan/host_state.ts";
import { tunnelName } from "../plan/names.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import type { BgpSession } from "../host/frr_sessions.ts";

/** What a status is made of. */
export interface StatusFacts {
  readonly assignment: Assignment;
  readonly snapshot: Snapshot;
  readonly state: HostState;
  readonly counters: ReadonlyMap<WgKey, WgCounters>;
  readonly sessions: ReadonlyMap<string, BgpSession>;
  readonly parts: Readonly<Record<string, string>>;
  readonly reconcile: NodeStatus["reconcile"];
  readonly now: Date;
}

function peerStatus(peer: Snapshot["peers"][number], facts: StatusFacts): PeerStatus {
  const wg = facts.state.wg?.peers.get(peer.publicKey);
  const counters = facts.counters.get(peer.publicKey);
  const tunnel = tunnelName(peer.number);
  const session = facts.sessions.get(tunnel);
  const handshakeAt = wg?.handshakeAt ?? 0;
  const age = Math.max(0, Math.floor(facts.now.getTime() / 1000) - handshakeAt);
  return {
    number: peer.number,
    name: peer.name,
    tunnel,
    endpoint: wg?.endpoint ?? null,
    handshakeAgeS: handshakeAt === 0 ? null : age,
    rxBytes: counters?.rxBytes ?? 0,
    txBytes: counters?.txBytes ?? 0,
    bgp: session?.state ?? null,
    prefixesReceived: session?.prefixesReceived ?? null,
    prefixesSent: session?.prefixesSent ?? null,
  };
}

/** A node's status as it is told to people and to the controller. */
export function collectStatus(facts: StatusFacts): NodeStatus {
  const { assignment, snapshot } = facts;
  return {
    name: assignment.name,
    number: assignment.number,
    version: VERSION,
    at: facts.now.toISOString(),
    parts: facts.parts,
    peers: snapshot.peers.filter((p) => p.number !== assignment.number).map((p) =>
      peerStatus(p, facts)
    ),
    reconcile: facts.reconcile,
  };
}
