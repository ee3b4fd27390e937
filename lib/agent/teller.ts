import type { ControllerClient } from "../client/controller_client.ts";
import { type Frr, STUCK_AFTER_MS } from "../host/frr.ts";
import type { BgpSession } from "../host/frr_sessions.ts";
import type { NodeStatus } from "../model/node_status.ts";
import { messageOf } from "../model/errors.ts";
import type { Assignment } from "../model/node.ts";
import { tunnelName } from "../plan/names.ts";
import { HANDSHAKE_DEAD_S } from "../plan/wg_sync.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { collectStatus } from "./collect_status.ts";
import type { ControllerLink } from "./follow.ts";
import { type LocalStatus, STATUS_FILE } from "./local_status.ts";
import type { ChangeLog } from "./log.ts";
import type { Node, Plan } from "./node.ts";
import { OverlookedAddresses } from "./overlooked_addresses.ts";
import { routeLook } from "./route_look.ts";
import { RouteTeller, type ToldRoutes } from "./route_teller.ts";

/** Where a status comes from and goes to. */
export interface TellerParts {
  readonly node: Node;
  readonly client: ControllerClient;
  /** Where the status goes when that is not the controller. */
  readonly statusClient: ControllerClient | undefined;
  readonly link: () => ControllerLink;
  readonly changes: ChangeLog;
  /** Asks for a turn of the loop after so many milliseconds, sooner than it would come by itself. */
  readonly turnAfter: (ms: number) => void;
}

/** What a turn of the loop leaves to tell. */
export interface Seen {
  readonly plan: Plan;
  readonly assignment: Assignment;
  readonly snapshot: Snapshot;
  readonly reconcile: NodeStatus["reconcile"];
  /** BGP sessions by tunnel, when they were looked at in this turn and nothing was changed since. */
  readonly sessions?: ReadonlyMap<string, BgpSession> | undefined;
}

/** What is not urgent waits so long after a change, milliseconds: each look into FRR takes 0.1 s of a processor. */
const CALM_MS = 500;

/** Writes down what the node saw last, for people on its machine, and sends it to the controller. */
export class Teller {
  #local: LocalStatus | undefined;
  #next: Seen | undefined;
  #telling: Promise<void> | undefined;
  #stuck: readonly string[] = [];
  #last: Seen | undefined;
  readonly #routes: RouteTeller | undefined;
  readonly #overlooked: OverlookedAddresses;
  /** Revision of the routes that whoever gets the status has. */
  #routesKnown = "";
  #frrVersion = "";
  /** The routes that were read last. */
  #known: ToldRoutes | undefined;

  constructor(private readonly parts: TellerParts) {
    const { frr } = parts.node.with_;
    this.#routes = frr && new RouteTeller(frr, () => performance.now());
    this.#overlooked = new OverlookedAddresses({
      exec: parts.node.with_.exec,
      changes: parts.changes,
    });
  }

  /** What this node last saw of itself; undefined before its first look. */
  get status(): LocalStatus | undefined {
    return this.#local;
  }

  /** Tunnels that FRR overlooked, each given once: to be taken down and up again. */
  takeStuck(): readonly string[] {
    const stuck = this.#stuck;
    this.#stuck = [];
    return stuck;
  }

  /** Tells what was seen; while a slow controller is being told, only the newest waits. Never throws. */
  tell(seen: Seen): Promise<void> {
    this.#next = seen;
    this.#last = seen;
    this.#telling ??= this.#tellAll().finally(() => this.#telling = undefined);
    return this.#telling;
  }

  /** Tells of routes that changed, and of the session that they changed with, before the next turn of the loop. */
  async routesChanged(): Promise<void> {
    this.#routes?.changed();
    if (this.#last !== undefined) await this.tell({ ...this.#last, sessions: undefined });
  }

  async #tellAll(): Promise<void> {
    for (let seen = this.#next; seen !== undefined; seen = this.#next) {
      this.#next = undefined;
      await this.#tellOne(seen);
    }
  }

  async #tellOne(seen: Seen): Promise<void> {
    const { changes } = this.parts;
    try {
      const frr = this.#answeringFrr(seen);
      const sessions = seen.sessions ?? await frr?.sessions() ?? new Map<string, BgpSession>();
      const status = this.#statusOf(seen, sessions);
      await this.#send(status, seen.assignment);
      // A session that went is told of first; what takes longer to find out comes after it.
      if (frr !== undefined) await this.#lookFurther(frr, { seen, sessions, status });
      changes.over("status", "the status can be told again");
    } catch (error) {
      changes.say("status", "warning", messageOf(error));
    }
  }

  /** Asks FRR for what is not urgent, and tells it when it differs from what was told. */
  async #lookFurther(
    frr: Frr,
    told: { seen: Seen; sessions: ReadonlyMap<string, BgpSession>; status: NodeStatus },
  ): Promise<void> {
    const { seen, sessions, status } = told;
    // Sessions are coming up, which needs the processor more.
    if (seen.reconcile.done > 0) await new Promise((resolve) => setTimeout(resolve, CALM_MS));
    if (this.#next !== undefined) return;
    this.#stuck = await frr.stuckTunnels(reachable(sessions, seen));
    // A stuck tunnel is cured by the next turn; one that is silent, or was made just now, has to be looked at again.
    const young = seen.reconcile.done > 0 &&
      [...sessions.values()].some((s) => s.state !== "Established");
    if (this.#stuck.length > 0) this.parts.turnAfter(0);
    else if (frr.suspects || young) this.parts.turnAfter(STUCK_AFTER_MS);
    const version = this.#frrVersion;
    if (version === "") this.#frrVersion = await frr.version();
    this.#known = await this.#routes?.look(routeLook(seen, sessions));
    await this.#overlooked.look(seen.assignment.addresses, this.#known?.routes);
    const same = this.#known?.revision === status.routesRevision && version === this.#frrVersion;
    if (!same) await this.#send(this.#statusOf(seen, sessions), seen.assignment);
  }

  async #send(status: NodeStatus, assignment: Assignment): Promise<void> {
    const { statusClient, link } = this.parts;
    await this.#write(status, assignment);
    if (statusClient !== undefined || link().state === "connected") await this.#post(status);
  }

  /** An FRR that did not answer a moment ago is not asked: a vtysh that is missing or hangs must not keep the status back. */
  #answeringFrr({ plan }: Seen): Frr | undefined {
    return plan.observation.state.frr === undefined ? undefined : this.parts.node.with_.frr;
  }

  /** Sends a status; its routes only when whoever gets it does not have them. */
  async #post(status: NodeStatus): Promise<void> {
    const { client, statusClient = client } = this.parts;
    const { routes, ...rest } = status;
    if (routes === undefined) return void await statusClient.postStatus(rest);
    const revision = status.routesRevision!;
    const known = this.#routesKnown === revision;
    const { wantRoutes } = await statusClient.postStatus(known ? rest : status);
    if (known && wantRoutes) await statusClient.postStatus(status);
    this.#routesKnown = revision;
  }

  /** Without a look at the host, what was seen last is written again, with the error that came since. Never throws. */
  async tellError(assignment: Assignment): Promise<void> {
    try {
      if (this.#local !== undefined) await this.#write(this.#local, assignment);
    } catch (error) {
      this.parts.changes.say("status", "warning", messageOf(error));
    }
  }

  #statusOf(seen: Seen, sessions: ReadonlyMap<string, BgpSession>): NodeStatus {
    const { plan, assignment, snapshot, reconcile } = seen;
    const { frr: managed, parts } = this.parts.node.with_;
    const known = this.#known;
    const routes = known && { routes: known.routes, routesRevision: known.revision };
    const status = collectStatus({
      assignment,
      snapshot,
      state: plan.observation.state,
      counters: plan.observation.counters,
      sessions,
      parts: {
        wg: parts.wg,
        tunnels: parts.tunnels.join(","),
        dummy: parts.dummy,
        frr: managed?.name ?? "none",
        ...(this.#frrVersion === "" ? {} : { frrVersion: this.#frrVersion }),
      },
      reconcile,
      now: new Date(),
    });
    return { ...status, ...routes, problems: this.parts.changes.problems() };
  }

  async #write(status: NodeStatus, { asn, addresses }: Assignment): Promise<void> {
    const { node, client, link, changes } = this.parts;
    const controller = { url: client.url, ...link() };
    const written = new Date().toISOString();
    const { lastError } = changes;
    this.#local = { ...status, asn, addresses, controller, written, lastError };
    await node.with_.dir.write(STATUS_FILE, `${JSON.stringify(this.#local)}\n`);
  }
}

/** Sessions with peers that WireGuard hears of: with a silent peer, no session can be expected, and FRR need not be asked. */
function reachable(
  sessions: ReadonlyMap<string, BgpSession>,
  { plan, snapshot }: Pick<Seen, "plan" | "snapshot">,
): ReadonlyMap<string, BgpSession> {
  const heard = snapshot.peers.filter((peer) => {
    const at = plan.observation.state.wg?.peers.get(peer.publicKey)?.handshakeAt ?? 0;
    return Date.now() / 1000 - at < HANDSHAKE_DEAD_S;
  });
  const tunnels = new Set(heard.map((peer) => tunnelName(peer.number)));
  return new Map([...sessions].filter(([tunnel]) => tunnels.has(tunnel)));
}
