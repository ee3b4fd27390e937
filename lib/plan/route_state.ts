import type { Mesh } from "../model/enrolment_api.ts";
import type { RoutePolicy, RouteVerdict } from "../model/route_policy.ts";
import type { Assignment } from "../model/node.ts";
import { contains, networkOf, partsOf, type Prefix } from "../model/prefix.ts";
import { neverCarried, type PrefixRange } from "./frr_ranges.ts";

/**
 * What the other nodes make of a route that a node announces. `own`: one of its own addresses; `never`: no policy
 * lets it in (a default route, a bogon, tunnel addresses, another node's address); `open`: taken because nothing speaks
 * against it; `waiting`: not taken until somebody approves it.
 */
export const ROUTE_STATES = ["own", "approved", "open", "waiting", "denied", "never"] as const;
/** See {@link ROUTE_STATES}. */
export type RouteState = typeof ROUTE_STATES[number];

/** A node with the addresses that nobody else may announce. */
export type Owner = Pick<Assignment, "number" | "addresses">;

/** What routes are judged by. */
export interface RouteRules {
  readonly policy: RoutePolicy;
  readonly mesh: Mesh;
  /** All nodes. */
  readonly owners: readonly Owner[];
}

function matches({ prefix, le }: PrefixRange, route: Prefix): boolean {
  return contains(prefix, route) && partsOf(route).length <= le;
}

/** Judges the routes of a mesh, as the route map `meshover-trust` of every receiver does (see `frr_trust.ts`). */
export class RouteJudge {
  readonly #policy: RoutePolicy;
  readonly #never: readonly PrefixRange[];
  /** Networks of all nodes' addresses, with whose they are. */
  readonly #owned: readonly { readonly network: Prefix; readonly number: number }[];

  constructor({ policy, mesh, owners }: RouteRules) {
    this.#policy = policy;
    this.#never = neverCarried({
      tunnelPools: mesh.tunnelPools,
      underlayPrefixes: [],
      endpoints: [],
    });
    this.#owned = owners.flatMap(({ number, addresses }) =>
      addresses.map((address) => ({ network: networkOf(address), number }))
    );
  }

  /** Whether no policy ever lets the prefix in, whoever announces it. */
  isNever(prefix: Prefix): boolean {
    return this.#never.some((range) => matches(range, prefix));
  }

  /** The node whose address a prefix lies in; undefined for none. */
  ownerOf(prefix: Prefix): number | undefined {
    return this.#owned.find(({ network }) => contains(network, prefix))?.number;
  }

  /** What the others make of a route that the node of this number announces. */
  stateOf(prefix: Prefix, number: number): RouteState {
    const owner = this.ownerOf(prefix);
    if (owner !== undefined) return owner === number ? "own" : "never";
    if (this.isNever(prefix)) return "never";
    const verdict = this.verdictOn(prefix, number);
    return verdict ?? (this.#policy.mode === "open" ? "open" : "waiting");
  }

  /** What was decided: for the node before for all, a denial before an approval. */
  verdictOn(prefix: Prefix, number: number): RouteVerdict | undefined {
    for (const node of [number, null]) {
      const said = this.#policy.decisions
        .filter((one) => one.node === node && contains(one.prefix, prefix))
        .map(({ verdict }) => verdict);
      if (said.includes("denied")) return "denied";
      if (said.includes("approved")) return "approved";
    }
    return undefined;
  }
}
