import type { RoutePolicy } from "../model/api.ts";
import type { Assignment } from "../model/node.ts";
import { contains, parsePrefix, type Prefix } from "../model/prefix.ts";
import { type OwnPaths } from "./frr_ranges.ts";
import { RouteJudge } from "./route_state.ts";
import type { Snapshot } from "./snapshot.ts";

/** A route that was not let in. */
export interface RefusedFacts {
  readonly prefix: Prefix;
  /** AS number in which it began. */
  readonly origin: number | null;
}

/** What a node knows that refuses routes. */
export interface RefusingNode {
  readonly self: Pick<Assignment, "number" | "addresses">;
  readonly snapshot: Snapshot;
  readonly policy: RoutePolicy;
  /** On-link prefixes of the underlay and endpoints of peers. */
  readonly underlayPrefixes: OwnPaths["underlayPrefixes"];
}

const DEFAULTS: readonly Prefix[] = [parsePrefix("0.0.0.0/0"), parsePrefix("::/0")];

/** Says why a node did not let routes in, for people; what an operator's template keeps out has no better words. */
export function explainRefusals(node: RefusingNode): (route: RefusedFacts) => string {
  const { snapshot, policy, self } = node;
  const owners = [...snapshot.peers.filter(({ number }) => number !== self.number), self];
  const judge = new RouteJudge({ policy, mesh: snapshot.mesh, owners });
  const byAsn = new Map(snapshot.peers.map((peer) => [peer.asn as number, peer]));
  return ({ prefix, origin }) => {
    if (DEFAULTS.includes(prefix)) return "a default route";
    const owner = judge.ownerOf(prefix);
    if (owner === self.number) return "this node's own address";
    const from = origin === null ? undefined : byAsn.get(origin);
    if (owner !== undefined && owner !== from?.number) {
      const name = snapshot.peers.find(({ number }) => number === owner)?.name;
      return `the address of ${name}`;
    }
    if (snapshot.mesh.tunnelPools.some((pool) => contains(pool, prefix))) {
      return "an address of tunnels";
    }
    if (node.underlayPrefixes.some((one) => contains(one, prefix))) return "part of the underlay";
    if (judge.isNever(prefix)) return "no route that an overlay may carry";
    const verdict = judge.verdictOn(prefix, from?.number ?? -1);
    if (verdict === "denied") return "denied";
    if (policy.mode === "approve" && owner === undefined && verdict === undefined) {
      return from === undefined ? "not approved, and of no node" : "not approved";
    }
    return "kept back by this node's configuration";
  };
}
