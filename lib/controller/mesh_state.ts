import type { Mesh } from "../model/enrolment_api.ts";
import { readMesh, readRevision } from "../store/mesh.ts";
import { type NodeChanges, type NodeRecord, nodesSince } from "../store/nodes.ts";
import { readRoutePolicy, routeRevision, type StoredPolicy } from "../store/route_decisions.ts";
import type { Reader } from "../store/sql.ts";
import { type KeptNode, keptOf } from "./kept_node.ts";

/** Before the database was read; it holds no revision below 0. */
const NO_POLICY: StoredPolicy = { revision: -1, mode: "open", decisions: [] };

interface Entry {
  readonly revision: number;
  readonly number: number;
}

/** What answers a feed request. */
export interface Delta {
  readonly full: boolean;
  /** Records as JSON. */
  readonly peers: readonly string[];
  readonly removed: readonly number[];
}

/**
 * The mesh as the database has it, in memory: so that ten thousand readers and their credentials cost no query.
 * It only ever takes in what was stored, by revision, whoever stored it.
 */
export class MeshState {
  meshId = "";
  revision = 0;
  mesh: Mesh = { tunnelPools: [], nodePools: [] };
  /** Whose routes are taken. */
  routes: StoredPolicy = NO_POLICY;
  readonly #nodes = new Map<number, KeptNode>();
  readonly #byName = new Map<string, number>();
  readonly #bySecret = new Map<string, number>();
  readonly #removedSecrets = new Set<string>();
  #generation = -1;
  #removed: Entry[] = [];
  #changes: Entry[] = [];

  /** Takes in what was stored since the last time. True when the revision moved. */
  async refresh(reader: Reader): Promise<boolean> {
    const asked = await readRevision(reader);
    if (asked === this.revision && this.meshId !== "") return false;
    const { meshId, generation, mesh } = await readMesh(reader);
    // A backup was restored, or someone put another file in place.
    const isOther = meshId !== this.meshId || generation !== this.#generation;
    if (asked < this.revision || isOther) this.#clear();
    this.meshId = meshId;
    this.#generation = generation;
    this.mesh = mesh;
    if (await routeRevision(reader) !== this.routes.revision) {
      this.routes = await readRoutePolicy(reader);
    }
    let newest = asked;
    for await (const changes of nodesSince(reader, this.revision)) {
      newest = Math.max(newest, this.#apply(changes));
    }
    this.revision = newest;
    return true;
  }

  /** All enrolled and reserved nodes. */
  nodes(): IterableIterator<KeptNode> {
    return this.#nodes.values();
  }

  /** How many nodes there are. */
  get size(): number {
    return this.#nodes.size;
  }

  /** A node by number. */
  node(number: number): KeptNode | undefined {
    return this.#nodes.get(number);
  }

  /** A node by name. */
  nodeNamed(name: string): KeptNode | undefined {
    return this.#nodes.get(this.#byName.get(name) ?? -1);
  }

  /** Whose secret has this hash. */
  holderOf(secretHash: string): { kind: "node"; node: KeptNode } | { kind: "removed" } | undefined {
    const node = this.#nodes.get(this.#bySecret.get(secretHash) ?? -1);
    if (node !== undefined) return { kind: "node", node };
    return this.#removedSecrets.has(secretHash) ? { kind: "removed" } : undefined;
  }

  /** What a reader who has `since` must hear. */
  delta(since: number): Delta {
    const full = since === 0 || since > this.revision;
    const from = full ? 0 : since;
    const peers: string[] = [];
    for (const { number, revision } of after(this.#changes, from)) {
      const node = this.#nodes.get(number);
      if (node?.isPeer && node.revision === revision) peers.push(node.json);
    }
    return { full, peers, removed: after(this.#removed, from).map((entry) => entry.number) };
  }

  /** Returns the newest revision among the changes. */
  #apply(changes: NodeChanges): number {
    let newest = 0;
    for (const node of changes.nodes) {
      this.#forget(node.self.number);
      this.#remember(node);
      newest = Math.max(newest, node.revision);
    }
    for (const { number, secretHashes, revision } of changes.removed) {
      this.#forget(number);
      for (const hash of secretHashes) this.#removedSecrets.add(hash);
      this.#removed.push({ number, revision });
      newest = Math.max(newest, revision);
    }
    if (this.#changes.length > 2 * this.#nodes.size + 1000) {
      this.#changes = this.#changes.filter((e) =>
        this.#nodes.get(e.number)?.revision === e.revision
      );
    }
    return newest;
  }

  #remember(record: NodeRecord): void {
    const node = keptOf(record);
    this.#nodes.set(node.number, node);
    this.#byName.set(node.name, node.number);
    for (const hash of [node.secretHash, node.nextSecretHash]) {
      if (hash !== null) this.#bySecret.set(hash, node.number);
    }
    this.#changes.push({ number: node.number, revision: node.revision });
  }

  #forget(number: number): void {
    const node = this.#nodes.get(number);
    if (node === undefined) return;
    for (const hash of [node.secretHash, node.nextSecretHash]) {
      if (hash !== null) this.#bySecret.delete(hash);
    }
    if (this.#byName.get(node.name) === number) this.#byName.delete(node.name);
    this.#nodes.delete(number);
  }

  #clear(): void {
    this.revision = 0;
    this.routes = NO_POLICY;
    for (const all of [this.#nodes, this.#byName, this.#bySecret, this.#removedSecrets]) {
      all.clear();
    }
    this.#removed = [];
    this.#changes = [];
  }
}

/** The entries with a revision above `since`; the list is sorted by revision. */
function after(entries: readonly Entry[], since: number): readonly Entry[] {
  if (since === 0) return entries;
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.revision <= since) low = middle + 1;
    else high = middle;
  }
  return entries.slice(low);
}
