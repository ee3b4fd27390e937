import type { Assignment, Peer } from "../model/node.ts";
import { assignmentWithin, type KeptNode } from "./kept_node.ts";
import type { MeshState } from "./mesh_state.ts";

/** What the overview and the metrics need of an enrolled node. */
export interface RollEntry {
  readonly self: Assignment;
  /** Version that the node reported last. */
  readonly version: string;
}

/** The enrolled nodes, read from their records: each once for every revision of it, because a record is kept as JSON. */
export class Roll {
  readonly #state: MeshState;
  readonly #entries = new Map<number, { node: KeptNode; entry: RollEntry }>();

  constructor(state: MeshState) {
    this.#state = state;
  }

  /** All of them by number. */
  all(): RollEntry[] {
    if (this.#entries.size > 2 * this.#state.size + 100) this.#entries.clear();
    const entries = [...this.#state.nodes()].filter((node) => node.isPeer).map((node) =>
      this.#read(node)
    );
    return entries.sort((a, b) => a.self.number - b.self.number);
  }

  #read(node: KeptNode): RollEntry {
    const known = this.#entries.get(node.number);
    if (known?.node === node) return known.entry;
    const peer = JSON.parse(node.json) as Peer;
    const entry = { self: assignmentWithin(peer), version: peer.version };
    this.#entries.set(node.number, { node, entry });
    return entry;
  }
}
