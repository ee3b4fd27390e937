import { type Mesh } from "../model/enrolment_api.ts";
import { type FeedAnswer } from "../model/feed_api.ts";
import { OPEN_POLICY, type RoutePolicy } from "../model/route_policy.ts";
import type { Peer } from "../model/node.ts";

/** What a node remembers of its mesh; it is on disk, and the overlay is built from it without a controller. */
export interface Snapshot {
  /** Empty before the first answer. */
  readonly meshId: string;
  readonly revision: number;
  /** By node number, in order; this node's own record is among them. */
  readonly peers: readonly Peer[];
  readonly mesh: Mesh;
  /** Whose routes are taken. */
  readonly routePolicy: RoutePolicy;
}

/** What taking in an answer of the feed led to. */
export interface Taken {
  readonly snapshot: Snapshot;
  /** Why the answer was not taken as it stands: another mesh, or a controller restored from an older state. */
  readonly oddity?: "another mesh" | "older than before";
}

/** What a node knows before it has heard anything. */
export const NO_SNAPSHOT: Snapshot = {
  meshId: "",
  revision: 0,
  peers: [],
  mesh: { tunnelPools: [], nodePools: [] },
  routePolicy: OPEN_POLICY,
};

/**
 * Takes an answer of the feed into what is known. A peer goes only when its number is in `removed`; one that an answer
 * does not name stays. When the controller's state is older than what is known (restored from a backup), known records
 * are kept and only unknown ones are taken: the nodes' own reports, which follow, are newer than the backup.
 */
export function takeFeed(snapshot: Snapshot, answer: FeedAnswer): Taken {
  if (snapshot.meshId !== "" && answer.meshId !== snapshot.meshId) {
    return { snapshot, oddity: "another mesh" };
  }
  const isOlder = answer.full && answer.revision < snapshot.revision;
  const peers = new Map(snapshot.peers.map((p) => [p.number, p]));
  for (const peer of answer.peers) {
    if (!isOlder || !peers.has(peer.number)) peers.set(peer.number, peer);
  }
  for (const number of answer.removed) peers.delete(number);
  const next: Snapshot = {
    meshId: answer.meshId,
    revision: answer.revision,
    peers: [...peers.values()].sort((a, b) => a.number - b.number),
    mesh: answer.mesh,
    routePolicy: answer.routePolicy ?? snapshot.routePolicy,
  };
  return isOlder ? { snapshot: next, oddity: "older than before" } : { snapshot: next };
}
