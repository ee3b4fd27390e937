import type { RoutePolicy } from "../model/route_policy.ts";
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

/** Why a route is refused on which nobody has decided. */
export const NOT_APPROVED = "not approved";

const DEFAULTS: readonly Prefix[] = [parsePrefix("0.0.0.0/0"), parsePrefix("::/0")];

/** Says why a node did not let routes in, for people; what an operator's template keeps out has no better words. */
export function explainRefusals(node: RefusingNode): (route: RefusedFacts) => string {
  const { snapshot, policy, self } = node;
  const owners = [...snapshot.peers.filter(({ number }) => number !== self.number), self];
  let made: RouteJudge | undefined;
  return ({ prefix, origin }) => {
    if (DEFAULTS.includes(prefix)) return "a default route";
    // Mostly there is nothing to explain, and a judge of many nodes is dear to make.
    const judge = made ??= new RouteJudge({ policy, mesh: snapshot.mesh, owners });
    const owner = judge.ownerOf(prefix);
    if (owner === self.number) return "this node's own address";
    const from = snapshot.peers.find(({ asn }) => asn === origin);
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
      return from === undefined ? `${NOT_APPROVED}, and of no node` : NOT_APPROVED;
    }
    return "kept back by this node's configuration";
  };
}
