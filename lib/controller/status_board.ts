import { type NodeRoutes } from "../model/node_routes.ts";
import { type NodeStatus, STATUS_TTL_S } from "../model/node_status.ts";
import type { NodeState } from "../model/mesh_view.ts";
import { type Judgement, judgeStatus } from "../plan/judge_status.ts";
import { type DatedFault, type NodeFacts, stateOf } from "../plan/mesh_view.ts";
import { EventRing } from "./event_ring.ts";
import { LinkTally } from "./link_tally.ts";
import { Members } from "./members.ts";
import type { MeshState } from "./mesh_state.ts";
import { StatusRenderer } from "./status_renderer.ts";
import { Roll } from "./roll.ts";

/** How often it is looked who fell silent or left, milliseconds. */
const SWEEP_MS = 1_000;

interface Entry {
  readonly status: NodeStatus;
  /** When it was told, milliseconds since 1970. */
  readonly at: number;
  readonly judgement: Judgement;
  readonly faults: readonly DatedFault[];
  readonly state: NodeState;
  /** RFC 3339: since when it is in that state. */
  readonly since: string;
}

/** What a board reads from. */
export interface BoardOptions {
  readonly state: MeshState;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * What the nodes tell of themselves, and what it means for the mesh: read once when it is told, kept in memory only. After a
 * restart the nodes tell again within ten seconds.
 */
export class StatusBoard {
  readonly events: EventRing;
  readonly renderer: StatusRenderer;
  /** How many statuses were taken in. */
  toldCount = 0;
  readonly #state: MeshState;
  readonly #roll: Roll;
  readonly #now: () => number;
  readonly #entries = new Map<number, Entry>();
  readonly #routes = new Map<number, { revision: string; routes: NodeRoutes }>();
  readonly #links: LinkTally;
  readonly #listeners = new Set<() => void>();
  readonly #members: Members;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: BoardOptions) {
    this.#state = options.state;
    this.#now = options.now;
    this.events = new EventRing(options.now);
    this.renderer = new StatusRenderer(options.state);
    this.#roll = new Roll(options.state);
    this.#links = new LinkTally(this.events);
    this.#members = new Members(options.state);
  }

  /** Begins to look who falls silent. */
  start(): void {
    this.#timer = setInterval(() => this.sweep(), SWEEP_MS);
  }

  /** Ends its clock. */
  stop(): void {
    clearInterval(this.#timer);
  }

  /** Calls `listener` whenever the overview may differ; returns what ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Takes in what a node told. True when its routes are wanted with the next one. */
  told(status: NodeStatus): boolean {
    this.toldCount++;
    const { number } = status;
    const before = this.#entries.get(number);
    const entry = this.#entryOf(status, before);
    this.#entries.set(number, entry);
    this.renderer.told(entry.status);
    const wantRoutes = this.#keepRoutes(status);
    this.#tellChanges(before, entry);
    return wantRoutes;
  }

  /** The routes that a node told last. */
  routes(number: number): NodeRoutes | undefined {
    return this.#routes.get(number)?.routes;
  }

  /** A node's status, unless it is too old to say anything. */
  status(number: number): NodeStatus | null {
    const entry = this.#entries.get(number);
    return entry !== undefined && this.#isFresh(entry) ? entry.status : null;
  }

  /** All enrolled nodes by number, with what is known of them. */
  facts(): NodeFacts[] {
    return this.#roll.all().map(({ self, version }) => {
      const entry = this.#entries.get(self.number);
      const fresh = entry !== undefined && this.#isFresh(entry) ? entry : undefined;
      return {
        self,
        version: fresh?.status.version ?? version,
        status: fresh?.status ?? null,
        judgement: fresh?.judgement ?? null,
        faults: fresh?.faults ?? [],
        accepted: fresh === undefined ? null : this.routes(self.number)?.acceptedCount ?? null,
        since: (fresh === undefined ? silentSince(entry) : fresh.since) ?? null,
        heard: entry !== undefined,
      };
    });
  }

  /** Looks who fell silent, joined or left. */
  sweep(): void {
    let changed = this.#lookAtMembers();
    for (const [number, entry] of this.#entries) {
      if (entry.state === "silent" || this.#isFresh(entry)) continue;
      changed = true;
      this.#entries.set(number, {
        ...entry,
        state: "silent",
        faults: [],
        since: silentSince(entry)!,
      });
      this.#links.silence(number);
      this.#note("node-silent", entry.status.name);
    }
    if (changed) this.#notify();
  }

  #isFresh(entry: Entry): boolean {
    return this.#now() - entry.at <= STATUS_TTL_S * 1000;
  }

  #entryOf(status: NodeStatus, before: Entry | undefined): Entry {
    const at = this.#now();
    const now = new Date(at).toISOString();
    const judgement = judgeStatus(status);
    const known = new Map(before?.faults.map((fault) => [fault.peer, fault]));
    const faults = judgement.faults.map((fault) => {
      const old = known.get(fault.peer);
      return { ...fault, since: old?.fault === fault.fault ? old.since : now };
    });
    const { routes: _routes, ...kept } = status;
    const state = stateOf({ status, faults, heard: true });
    const since = before?.state === state ? before.since : now;
    return { status: kept, at, judgement, faults, state, since };
  }

  #keepRoutes(status: NodeStatus): boolean {
    const { number, routes, routesRevision: revision } = status;
    if (revision === undefined) return false;
    if (routes !== undefined) this.#routes.set(number, { revision, routes });
    return this.#routes.get(number)?.revision !== revision;
  }

  #tellChanges(before: Entry | undefined, entry: Entry): void {
    const { name, number, reconcile } = entry.status;
    if (before?.state === "silent") this.#note("node-back", name);
    const { faults } = entry;
    const linksMoved = this.#links.tell(name, { number, faults, name: (n) => this.#nameOf(n) });
    const known = new Set(before?.status.reconcile.failed.map((f) => f.change));
    for (const { change, error } of reconcile.failed.slice(0, 10)) {
      if (!known.has(change)) this.#note("change-failed", name, { other: change, detail: error });
    }
    if (linksMoved || summaryOf(before) !== summaryOf(entry)) this.#notify();
  }

  #nameOf(number: number): string {
    return this.#state.node(number)?.name ?? String(number);
  }

  #lookAtMembers(): boolean {
    const change = this.#members.look();
    for (const name of change?.joined ?? []) this.#note("node-joined", name);
    for (const { number, name } of change?.left ?? []) {
      this.#note("node-removed", name);
      this.#entries.delete(number);
      this.#routes.delete(number);
      this.#links.forget(number);
    }
    return change !== undefined;
  }

  #note(
    kind: Parameters<EventRing["add"]>[0]["kind"],
    node: string,
    more: { other?: string; detail?: string } = {},
  ): void {
    this.events.add({ kind, node, other: more.other ?? "", detail: more.detail ?? "" });
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

function silentSince(entry: Entry | undefined): string | undefined {
  return entry === undefined ? undefined : new Date(entry.at).toISOString();
}

/** What of an entry is on the overview, besides its faults. */
function summaryOf(entry: Entry | undefined): string {
  if (entry === undefined) return "";
  const { judgement, status, state } = entry;
  const { peers, handshakes, sessions } = judgement;
  return [
    state,
    peers,
    handshakes,
    sessions,
    status.version,
    status.reconcile.failed.length,
    status.routesRevision,
  ]
    .join(" ");
}
