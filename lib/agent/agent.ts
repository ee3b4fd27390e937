import type { ControllerClient } from "../client/controller_client.ts";
import { serviceState } from "../host/service_state.ts";
import { messageOf } from "../model/errors.ts";
import type { Assignment } from "../model/node.ts";
import type { Change } from "../plan/change.ts";
import { groundwork } from "../plan/reconcile.ts";
import { type Snapshot, takeFeed } from "../plan/snapshot.ts";
import { type Applied, bothApplied, NOTHING_APPLIED, withRefusedTemplate } from "./apply.ts";
import { enrolAgain } from "./enrol_again.ts";
import { Follower } from "./follow.ts";
import { FrrKeeper } from "./frr_keeper.ts";
import type { LocalStatus } from "./local_status.ts";
import { ChangeLog, type Log } from "./log.ts";
import { FILES, type Identity, remember } from "./memory.ts";
import { Narrator } from "./narrator.ts";
import type { Node, Plan } from "./node.ts";
import { OwnEcho } from "./own_echo.ts";
import { RemadeTunnels } from "./remade_tunnels.ts";
import { reconcileStatus, type Turn } from "./reconcile_status.ts";
import { Reporter } from "./reporter.ts";
import { RttWatch } from "./rtt_watch.ts";
import { SecretKeeper } from "./secret_keeper.ts";
import { Teller } from "./teller.ts";
import { UnderlayWatch } from "./underlay_watch.ts";
import { Wake } from "./wake.ts";
import { watchHost } from "./watch_host.ts";

/** Milliseconds between looks at the host when nothing happens. */
const QUIET_MS = 10_000;
/** How long a node that knows nobody yet waits for the controller's first word, milliseconds. */
const FIRST_NEWS_MS = 2_000;
/** Wait before a failed change is tried again, doubled each time. */
const RETRY_MS = 1_000;

/** What an agent is made of. */
export interface AgentParts {
  readonly node: Node;
  /** Client without a credential. */
  readonly client: ControllerClient;
  /** Where the status goes when that is not the controller. */
  readonly statusClient: ControllerClient | undefined;
  readonly identity: Identity;
  readonly snapshot: Snapshot;
  readonly log: Log;
}

/** The reconcile loop of one node: fetch, observe, plan, apply, report. */
export class Agent {
  readonly #wake = new Wake();
  readonly #changes: ChangeLog;
  readonly #client: ControllerClient;
  readonly #follower: Follower;
  readonly #reporter: Reporter;
  readonly #teller: Teller;
  readonly #rtts: RttWatch;
  readonly #narrator: Narrator;
  readonly #frr: FrrKeeper;
  readonly #secret: SecretKeeper;
  #snapshot: Snapshot;
  #telling: Promise<void> = Promise.resolve();
  readonly #underlay = new UnderlayWatch({
    onLoss: () => this.#connectAnew(),
    onChange: () => this.#follower.hurry(),
  });
  readonly #echo = new OwnEcho({ look: () => this.#wake.ring() });
  readonly #remade = new RemadeTunnels();
  readonly #leaving = new AbortController();
  #failures = 0;
  #soon: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly parts: AgentParts) {
    this.#snapshot = parts.snapshot;
    this.#changes = new ChangeLog(parts.log);
    const { dir } = parts.node.with_;
    this.#secret = new SecretKeeper({ ...parts, dir, changes: this.#changes }, parts.identity);
    this.#client = parts.client.as(this.#secret.credential);
    this.#rtts = new RttWatch(parts.node.with_.exec, this.#changes);
    this.#narrator = new Narrator({ ...parts, changes: this.#changes });
    this.#frr = new FrrKeeper({
      frr: parts.node.with_.frr,
      service: () => serviceState(parts.node.with_.exec, "frr.service"),
      log: parts.log,
      changes: this.#changes,
    });
    this.#reporter = new Reporter(this.#client, this.#changes);
    this.#follower = new Follower({
      client: this.#client,
      current: () => this.#snapshot,
      take: (next) => this.#take(next),
      enrolAgain: () => this.#enrolAgain(),
      reportAgain: () => Promise.resolve(this.#reporter.forget()),
      removed: () => this.#removed(),
      changes: this.#changes,
      sleep: async (ms, signal) => void await new Wake().sleep(ms, signal),
      random: Math.random,
      now: () => new Date(),
    });
    const link = () => this.#follower.link;
    this.#teller = new Teller({
      node: parts.node,
      client: this.#client,
      statusClient: parts.statusClient?.as(this.#secret.credential),
      link,
      changes: this.#changes,
      turnAfter: (ms) => this.#turnAfter(ms),
    });
  }

  /** The next turn comes after `ms` at the latest. */
  #turnAfter(ms: number): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#wake.ring(), ms);
  }

  /** What this node last saw of itself; undefined before its first look. */
  get status(): LocalStatus | undefined {
    return this.#teller.status;
  }

  get #assignment(): Assignment {
    return this.#secret.identity.enrolled!.self;
  }

  /** A removed node goes on with what it has, unless it was told to leave. */
  #removed(): void {
    if (this.parts.node.with_.options.leaveWhenRemoved) this.#leaving.abort();
  }

  /**
   * Works until `told` aborts, and leaves everything in place then. Returns "removed" when it ended because the node was
   * removed from the mesh and is to leave it.
   */
  async run(told: AbortSignal): Promise<"told" | "removed"> {
    const signal = AbortSignal.any([told, this.#leaving.signal]);
    const { exec, frr } = this.parts.node.with_;
    const onChange = () => this.#echo.heard();
    frr?.keepShell(signal);
    await this.#frr.replaceOutdated();
    const onRoute = () => void this.#teller.routesChanged();
    const changes = this.#changes;
    const daemons = frr?.name === "system";
    const watching = watchHost({ exec, daemons, onChange, onRoute, changes, signal });
    const following = this.#follower.run(signal);
    // A node that has just enrolled knows nobody: it is worth a moment to hear of all peers before the first turn.
    if (this.#snapshot.meshId === "") await this.#wake.sleep(FIRST_NEWS_MS, signal);
    while (!signal.aborted) {
      const wait = await this.#turn();
      const rung = await this.#wake.sleep(wait, signal);
      if (!rung && this.#failures === 0) this.parts.node.nothingHeard();
    }
    await Promise.all([watching, following, this.#telling]);
    clearTimeout(this.#soon);
    this.#echo.cancel();
    return told.aborted ? "told" : "removed";
  }

  /** Has the agent look at the host now. */
  look(): void {
    this.#wake.ring();
  }

  /** Asks the controller once, does what there is to do, and is finished. */
  async once(): Promise<Applied> {
    try {
      const answer = await this.#client.feed({ since: 0 });
      await this.#take(takeFeed(this.#snapshot, answer).snapshot);
    } catch (error) {
      const words = `${messageOf(error)}; working with what was known last`;
      this.#changes.say("controller", "warning", words);
    }
    const applied = await this.tick();
    await Promise.all([this.#telling, this.#reporter.idle()]);
    return applied;
  }

  /** One turn of the loop; returns how long to sleep afterwards, milliseconds. */
  async #turn(): Promise<number> {
    let writes = 0;
    this.#echo.begin();
    try {
      const applied = await this.tick();
      writes = applied.writes;
      this.#changes.over("tick", "the host can be read again");
      this.#failures = applied.failed.length === 0 ? 0 : this.#failures + 1;
    } catch (error) {
      this.#failures++;
      this.#changes.say("tick", "error", messageOf(error));
      this.#telling = this.#teller.tellError(this.#assignment);
    } finally {
      this.#echo.end(writes > 0);
    }
    return this.#failures === 0
      ? QUIET_MS
      : Math.min(RETRY_MS * 2 ** (this.#failures - 1), QUIET_MS);
  }

  /** Observes, plans, applies and reports once. */
  async tick(): Promise<Applied> {
    const start = performance.now();
    const { node } = this.parts;
    const before = node.with_.exec.count ?? 0;
    node.rttMs = this.#rtts.rtts;
    const mesh = { snapshot: this.#snapshot, self: this.#assignment.number };
    this.#rtts.look(mesh, () => this.#wake.ring());
    const { plan, frrError, early } = await this.#plan();
    this.#narrator.underlayMtu(plan.underlay.mtu, node.with_.parts.tunnels[0]!);
    this.#underlay.look(plan.observation.network, plan.underlay);
    this.#reporter.report(plan.report);
    this.#secret.look(this.#snapshot);
    const bounces = this.#teller.takeStuck().map((name): Change => ({ kind: "link.bounce", name }));
    const late = await node.apply([...plan.changes, ...bounces]);
    const made = withRefusedTemplate(bothApplied(early, late), plan.frrProblem);
    await node.settle(plan);
    const forgotten = await this.#forget(this.#remade.after(plan, made));
    // It is learned anew in the turn after this one.
    if (forgotten.writes > 0) this.#wake.ring();
    const applied = bothApplied(forgotten, made);
    const tookMs = performance.now() - start;
    const programs = (node.with_.exec.count ?? 0) - before;
    if (plan.frrProblem === undefined) {
      this.#changes.over("configure FRR", "the FRR template is followed again");
    }
    this.#narrator.applied(applied, plan.desired);
    this.#tell({ plan, applied, tookMs, frrError, programs });
    if (frrError !== undefined) throw frrError;
    return applied;
  }

  /** Observes and plans; starts FRR when it does not answer, and meanwhile does what does not need it. */
  async #plan(): Promise<{ plan: Plan; frrError: Error | undefined; early: Applied }> {
    const { node } = this.parts;
    const nowS = Math.floor(Date.now() / 1000);
    const plan = await this.#planOnce(nowS);
    if (node.with_.frr === undefined || plan.observation.state.frr !== undefined) {
      const forgotten = await this.#forget(this.#remade.before(plan));
      const next = forgotten.writes > 0 ? await this.#planOnce(nowS) : plan;
      return { plan: next, frrError: undefined, early: forgotten };
    }
    const [frrError, early] = await Promise.all([
      this.#frr.start(),
      node.apply(groundwork(plan.changes)),
    ]);
    return { plan: await this.#planOnce(nowS), frrError, early };
  }

  #planOnce(nowS: number): Promise<Plan> {
    return this.parts.node.plan(this.#assignment, this.#snapshot, nowS);
  }

  /** Has FRR forget neighbours whose tunnels are made anew; nothing is applied when there are none, or it cannot be done. */
  async #forget(lines: readonly string[]): Promise<Applied> {
    if (lines.length === 0) return NOTHING_APPLIED;
    try {
      await this.parts.node.with_.frr?.apply(lines);
      const words = lines.filter((line) => line.startsWith("no "));
      this.parts.log("info", `configure FRR: ${words.join(", ")}: its tunnel is made anew`);
      this.#changes.over("forget", "FRR can forget tunnels that are made anew again");
      return { ...NOTHING_APPLIED, writes: 1 };
    } catch (error) {
      this.#changes.say("forget", "warning", messageOf(error));
      return NOTHING_APPLIED;
    }
  }

  #tell(turn: Turn): void {
    const [assignment, snapshot] = [this.#assignment, this.#snapshot];
    const reconcile = reconcileStatus(turn);
    const { plan } = turn;
    const sessions = reconcile.done === 0 ? plan.observation.sessions : undefined;
    this.#telling = this.#teller.tell({ plan, assignment, snapshot, reconcile, sessions });
  }

  async #take(next: Snapshot): Promise<void> {
    this.#narrator.whoChanged({ before: this.#snapshot, next }, this.#assignment.number);
    this.#snapshot = next;
    this.#wake.ring();
    const { dir } = this.parts.node.with_;
    try {
      await remember(dir, { file: FILES.snapshot, value: { ...next, peers: [...next.peers] } });
      this.#changes.over("snapshot", "the snapshot can be saved again");
    } catch (error) {
      this.#changes.say("snapshot", "warning", messageOf(error));
    }
  }

  async #enrolAgain(): Promise<boolean> {
    const [self, snapshot, changes] = [this.#assignment, this.#snapshot, this.#changes];
    const identity = await enrolAgain({ ...this.parts, self, snapshot, changes });
    if (identity !== undefined) this.#secret.enrolled(identity);
    return identity !== undefined;
  }

  /** The addresses that connections begin at are gone. */
  #connectAnew(): void {
    const { log, client, statusClient } = this.parts;
    log("info", "the underlay changed: connecting to the controller anew");
    client.renew();
    statusClient?.renew();
  }
}
