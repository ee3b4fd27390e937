import type { NodeStatus } from "../model/node_status.ts";
import {
  type FaultView,
  LINK_FAULTS,
  MAX_FAULTS,
  MAX_PAIRED_NODES,
  type MeshView,
  NODE_STATES,
  type NodeState,
  type NodeView,
} from "../model/mesh_view.ts";
import type { Assignment } from "../model/node.ts";
import type { Judgement, PeerFault } from "./judge_status.ts";
import { packPairs } from "./pair_bits.ts";

/** A fault and since when it is there. */
export interface DatedFault extends PeerFault {
  /** RFC 3339. */
  readonly since: string;
}

/** What is known of one node. */
export interface NodeFacts {
  readonly self: Assignment;
  readonly version: string;
  /** Null when the node is silent or was never heard of. */
  readonly status: NodeStatus | null;
  readonly judgement: Judgement | null;
  readonly faults: readonly DatedFault[];
  /** Routes it uses of those learnt; null when not told. */
  readonly accepted: number | null;
  /** RFC 3339: since when it is in its state; null when not known. */
  readonly since: string | null;
  /** Whether it was heard of since the controller started. */
  readonly heard: boolean;
}

/** How a node is. */
export function stateOf(facts: Pick<NodeFacts, "status" | "faults" | "heard">): NodeState {
  if (facts.status === null) return facts.heard ? "silent" : "unheard";
  return facts.faults.length > 0 || facts.status.reconcile.failed.length > 0 ? "trouble" : "well";
}

/** A node on the overview. */
export function nodeView(facts: NodeFacts): NodeView {
  const { self, judgement } = facts;
  return {
    number: self.number,
    name: self.name,
    asn: self.asn,
    addresses: self.addresses,
    version: facts.version,
    state: stateOf(facts),
    since: facts.since,
    peers: judgement?.peers ?? 0,
    handshakes: judgement?.handshakes ?? 0,
    sessions: judgement?.sessions ?? null,
    accepted: facts.accepted,
    failed: facts.status?.reconcile.failed.length ?? 0,
  };
}

/** The links that are not well, the gravest first, each once however many ends tell of it. */
export function faultViews(nodes: readonly NodeFacts[]): FaultView[] {
  const known = new Set(nodes.map((n) => n.self.number));
  const links = new Map<string, FaultView>();
  for (const { self, faults } of nodes) {
    for (const fault of faults) {
      if (!known.has(fault.peer)) continue;
      const [a, b] = self.number < fault.peer
        ? [self.number, fault.peer]
        : [fault.peer, self.number];
      const told = {
        a,
        b,
        fault: fault.fault,
        by: [self.number],
        word: fault.word,
        since: fault.since,
      };
      const other = links.get(`${a}-${b}`);
      links.set(`${a}-${b}`, other === undefined ? told : merged(other, told));
    }
  }
  const grave = (link: FaultView) => LINK_FAULTS.indexOf(link.fault);
  return [...links.values()].sort((x, y) => grave(x) - grave(y) || x.a - y.a || x.b - y.b);
}

/** The graver of what both ends say, and the earlier time. */
function merged(one: FaultView, other: FaultView): FaultView {
  const first = LINK_FAULTS.indexOf(one.fault) <= LINK_FAULTS.indexOf(other.fault);
  const since = one.since < other.since ? one.since : other.since;
  return { ...(first ? one : other), by: [...one.by, ...other.by].sort((x, y) => x - y), since };
}

/** The pairs of a mesh that was looked at before. */
export interface KnownPairs {
  readonly signature: string;
  readonly pairs: string | null;
}

/**
 * Which pairs have a tunnel, and a text that differs when they do. Finding them out takes a look at every peer of every node,
 * 250,000 in a mesh of 500, so that those of `before` are taken while they hold.
 */
export function pairsOf(nodes: readonly NodeFacts[], before?: KnownPairs): KnownPairs {
  if (nodes.length > MAX_PAIRED_NODES) return { signature: "", pairs: null };
  const signature = nodes.map(({ self, judgement }) =>
    `${self.number} ${judgement?.peers ?? 0} ${judgement?.peerSum ?? 0}`
  ).join();
  if (before?.signature === signature) return before;
  const numbers = nodes.map((n) => n.self.number);
  const peersOf = (i: number) => nodes[i]!.status?.peers.map((p) => p.number) ?? [];
  return { signature, pairs: packPairs(numbers, peersOf) };
}

/** The mesh at one glance. `nodes` are sorted by number. */
export function meshView(
  nodes: readonly NodeFacts[],
  options: { readonly revision: number; readonly pairs?: string | null },
): MeshView {
  const { revision, pairs = pairsOf(nodes).pairs } = options;
  const faults = faultViews(nodes);
  return {
    revision,
    nodes: nodes.map(nodeView),
    faults: faults.slice(0, MAX_FAULTS),
    faultCount: faults.length,
    pairs,
  };
}

/** How many nodes are in each state. */
export function countStates(nodes: readonly NodeView[]): Readonly<Record<NodeState, number>> {
  const counts = Object.fromEntries(NODE_STATES.map((s) => [s, 0])) as Record<NodeState, number>;
  for (const node of nodes) counts[node.state]++;
  return counts;
}
