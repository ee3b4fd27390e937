import type { Mesh } from "../model/api.ts";
import type { Peer } from "../model/node.ts";
import { readMesh, readRevision } from "../store/mesh.ts";
import { type NodeChanges, type NodeRecord, nodesSince } from "../store/nodes.ts";
import type { Reader } from "../store/sql.ts";

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
  readonly #nodes = new Map<number, NodeRecord>();
  readonly #peers = new Map<number, string>();
  readonly #byName = new Map<string, number>();
  readonly #bySecret = new Map<string, number>();
  readonly #removedSecrets = new Map<string, number>();
  #removed: Entry[] = [];
  #changes: Entry[] = [];

  /** Takes in what was stored since the last time. True when the revision moved. */
  async refresh(reader: Reader): Promise<boolean> {
    const asked = await readRevision(reader);
    if (asked === this.revision && this.meshId !== "") return false;
    // Back in time: someone put an older file in place.
    if (asked < this.revision) this.#clear();
    const changes = await nodesSince(reader, this.revision);
    // Read last: with what is newer than the rows nothing is missed, the other way round it would be.
    const { meshId, mesh } = await readMesh(reader);
    if (this.meshId !== "" && meshId !== this.meshId) {
      this.#clear();
      this.#apply(await nodesSince(reader, 0));
    } else this.#apply(changes);
    this.meshId = meshId;
    this.mesh = mesh;
    const newest = Math.max(
      changes.nodes.at(-1)?.revision ?? 0,
      changes.removed.at(-1)?.revision ?? 0,
    );
    this.revision = Math.max(asked, newest);
    return true;
  }

  /** All enrolled and reserved nodes. */
  nodes(): IterableIterator<NodeRecord> {
    return this.#nodes.values();
  }

  /** How many nodes there are. */
  get size(): number {
    return this.#nodes.size;
  }

  /** A node by number. */
  node(number: number): NodeRecord | undefined {
    return this.#nodes.get(number);
  }

  /** A node by name. */
  nodeNamed(name: string): NodeRecord | undefined {
    return this.#nodes.get(this.#byName.get(name) ?? -1);
  }

  /** Whose secret has this hash. */
  holderOf(
    secretHash: string,
  ): { kind: "node"; node: NodeRecord } | { kind: "removed" } | undefined {
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
      const json = this.#nodes.get(number)?.revision === revision
        ? this.#peers.get(number)
        : undefined;
      if (json !== undefined) peers.push(json);
    }
    return { full, peers, removed: after(this.#removed, from).map((entry) => entry.number) };
  }

  #apply(changes: NodeChanges): void {
    for (const node of changes.nodes) {
      this.#forget(node.self.number);
      this.#remember(node);
    }
    for (const { number, secretHash, revision } of changes.removed) {
      this.#forget(number);
      if (secretHash !== null) this.#removedSecrets.set(secretHash, number);
      if (this.#removed.at(-1)?.number !== number) this.#removed.push({ number, revision });
    }
    if (this.#changes.length > 2 * this.#nodes.size + 1000) {
      this.#changes = this.#changes.filter((e) =>
        this.#nodes.get(e.number)?.revision === e.revision
      );
    }
  }

  #remember(node: NodeRecord): void {
    const { number, name } = node.self;
    this.#nodes.set(number, node);
    this.#byName.set(name, number);
    for (const hash of [node.secretHash, node.nextSecretHash]) {
      if (hash !== null) this.#bySecret.set(hash, number);
    }
    const last = this.#changes.at(-1);
    if (last?.number !== number || last.revision !== node.revision) {
      this.#changes.push({ number, revision: node.revision });
    }
    const peer = peerOf(node);
    if (peer !== undefined) this.#peers.set(number, JSON.stringify(peer));
  }

  #forget(number: number): void {
    const node = this.#nodes.get(number);
    if (node === undefined) return;
    for (const hash of [node.secretHash, node.nextSecretHash]) {
      if (hash !== null) this.#bySecret.delete(hash);
    }
    if (this.#byName.get(node.self.name) === number) this.#byName.delete(node.self.name);
    this.#nodes.delete(number);
    this.#peers.delete(number);
  }

  #clear(): void {
    this.revision = 0;
    for (
      const map of [this.#nodes, this.#peers, this.#byName, this.#bySecret, this.#removedSecrets]
    ) map.clear();
    this.#removed = [];
    this.#changes = [];
  }
}

/** A node as its peers see it; undefined until it has told about itself. */
export function peerOf(node: NodeRecord): Peer | undefined {
  if (node.report === null) return undefined;
  const { seenAddress, revision } = node;
  const known = seenAddress !== null && node.report.candidates.includes(seenAddress);
  return { ...node.self, ...node.report, seenAddress: known ? null : seenAddress, revision };
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
