import type { ControllerClient } from "../client/controller_client.ts";
import { monitorIp } from "../host/ip_monitor.ts";
import { messageOf } from "../model/errors.ts";
import type { NodeStatus } from "../model/api.ts";
import type { NodeReport } from "../model/node.ts";
import { describeChange } from "../plan/change.ts";
import { type Snapshot, takeFeed } from "../plan/snapshot.ts";
import type { Applied } from "./apply.ts";
import { collectStatus } from "./collect_status.ts";
import { enrol } from "./enrol.ts";
import { Follower } from "./follow.ts";
import type { BgpSession } from "../host/frr_sessions.ts";
import { type LocalStatus, STATUS_FILE } from "./local_status.ts";
import { ChangeLog, type Log } from "./log.ts";
import { FILES, type Identity, remember } from "./memory.ts";
import type { Node, Plan } from "./node.ts";
import { Wake } from "./wake.ts";

/** Seconds between looks at the host when nothing happens. */
const QUIET_MS = 10_000;
/** How long a node that knows nobody yet waits for the controller's first word, milliseconds. */
const FIRST_NEWS_MS = 2_000;
/** Changes on the host that come this close together are looked at once, milliseconds. */
const COALESCE_MS = 100;
/** Wait before a failed change is tried again, doubled each time. */
const RETRY_MS = 1_000;

/** What an agent is made of. */
export interface AgentParts {
  readonly node: Node;
  /** Client without a credential. */
  readonly client: ControllerClient;
  readonly identity: Identity;
  readonly snapshot: Snapshot;
  readonly log: Log;
}

/** The reconcile loop of one node: fetch, observe, plan, apply, report. */
export class Agent {
  readonly #wake = new Wake();
  readonly #changes: ChangeLog;
  readonly #follower: Follower;
  #identity: Identity;
  #snapshot: Snapshot;
  #reported = "";
  #telling: Promise<void> = Promise.resolve();
  #failures = 0;
  #lastReconcile: NodeStatus["reconcile"] | undefined;
  #local: LocalStatus | undefined;

  constructor(private readonly parts: AgentParts) {
    this.#identity = parts.identity;
    this.#snapshot = parts.snapshot;
    this.#changes = new ChangeLog(parts.log);
    this.#follower = new Follower({
      client: this.#client(),
      current: () => this.#snapshot,
      take: (next) => this.#take(next),
      enrolAgain: () => this.#enrolAgain(),
      reportAgain: () => Promise.resolve(void (this.#reported = "")),
      changes: this.#changes,
      sleep: (ms, signal) => new Wake().sleep(ms, signal),
      random: Math.random,
      now: () => new Date(),
    });
  }

  #client(): ControllerClient {
    return this.parts.client.as({ kind: "node", secret: this.#identity.secret });
  }

  /** Works until `signal` aborts, and leaves everything in place then. */
  async run(signal: AbortSignal): Promise<void> {
    const following = Promise.all([this.#follower.run(signal), this.#watchHost(signal)]);
    // A node that has just enrolled knows nobody: it is worth a moment to hear of all peers before the first turn.
    if (this.#snapshot.meshId === "") await this.#wake.sleep(FIRST_NEWS_MS, signal);
    while (!signal.aborted) {
      const wait = await this.#turn();
      await this.#wake.sleep(wait, signal);
    }
    await following;
  }

  /** Asks the controller once, does what there is to do, and is finished. */
  async once(): Promise<Applied> {
    try {
      const answer = await this.#client().feed({ since: 0 });
      await this.#take(takeFeed(this.#snapshot, answer).snapshot);
    } catch (error) {
      this.#changes.say(
        "controller",
        "warning",
        `${messageOf(error)}; working with what was known last`,
      );
    }
    const applied = await this.tick();
    await this.#telling;
    return applied;
  }

  /** Looks at the host soon after somebody changed something on it. */
  async #watchHost(signal: AbortSignal): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onChange = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        this.#wake.ring();
      }, COALESCE_MS);
    };
    while (!signal.aborted) {
      try {
        await monitorIp(this.parts.node.with_.exec, { onChange, signal });
      } catch (error) {
        this.#changes.say("monitor", "warning", `cannot watch the host: ${messageOf(error)}`);
      }
      await new Wake().sleep(RETRY_MS, signal);
    }
    clearTimeout(timer);
  }

  /** One turn of the loop; returns how long to sleep afterwards, milliseconds. */
  async #turn(): Promise<number> {
    try {
      const applied = await this.tick();
      this.#changes.over("tick", "the host can be read again");
      this.#failures = applied.failed.length === 0 ? 0 : this.#failures + 1;
    } catch (error) {
      this.#failures++;
      this.#changes.say("tick", "error", messageOf(error));
      this.#telling = this.#tellError();
    }
    return this.#failures === 0
      ? QUIET_MS
      : Math.min(RETRY_MS * 2 ** (this.#failures - 1), QUIET_MS);
  }

  /** Observes, plans, applies and reports once. */
  async tick(): Promise<Applied> {
    const start = performance.now();
    const { node } = this.parts;
    const plan = await this.#plan();
    const reporting = this.#report(plan.report);
    const applied = await node.apply(plan.changes);
    this.#say(applied);
    this.#lastReconcile = {
      at: new Date().toISOString(),
      tookMs: Math.round(performance.now() - start),
      done: applied.done.length,
      failed: applied.failed.map((f) => ({ change: describeChange(f.change), error: f.error })),
    };
    await reporting;
    this.#telling = this.#tellStatus(plan);
    return applied;
  }

  async #plan(): Promise<Plan> {
    const { node } = this.parts;
    const { frr } = node.with_;
    const nowS = Math.floor(Date.now() / 1000);
    const assignment = this.#identity.enrolled!.self;
    const plan = await node.plan(assignment, this.#snapshot, nowS);
    if (frr === undefined || plan.observation.state.frr !== undefined) return plan;
    if ((await frr.ensureRunning()).started) this.parts.log("info", `started FRR (${frr.name})`);
    return await node.plan(assignment, this.#snapshot, nowS);
  }

  #say(applied: Applied): void {
    for (const change of applied.done) {
      if (change.kind !== "settle") this.parts.log("info", describeChange(change));
      this.#changes.over(describeChange(change), `worked at last: ${describeChange(change)}`);
    }
    for (const { change, error } of applied.failed) {
      this.#changes.say(
        describeChange(change),
        "error",
        `cannot ${describeChange(change)}: ${error}`,
      );
    }
  }

  /** Tells the controller of this node when what it was told last is not true any more. */
  async #report(report: NodeReport): Promise<void> {
    const text = JSON.stringify(report);
    if (text === this.#reported) return;
    try {
      await this.#client().report(report);
      this.#reported = text;
    } catch (error) {
      this.#changes.say("report", "warning", messageOf(error));
    }
  }

  async #take(next: Snapshot): Promise<void> {
    const before = new Map(this.#snapshot.peers.map((p) => [p.number, p]));
    this.#snapshot = next;
    for (const peer of next.peers) {
      if (!before.delete(peer.number) && peer.number !== this.#identity.enrolled?.self.number) {
        this.parts.log("info", `peer ${peer.name} (${peer.number}) joined the mesh`);
      }
    }
    for (const peer of before.values()) {
      this.parts.log("info", `peer ${peer.name} (${peer.number}) left the mesh`);
    }
    this.#wake.ring();
    try {
      await remember(this.parts.node.with_.dir, {
        file: FILES.snapshot,
        value: { ...next, peers: [...next.peers] },
      });
      this.#changes.over("snapshot", "the snapshot can be saved again");
    } catch (error) {
      this.#changes.say("snapshot", "warning", messageOf(error));
    }
  }

  async #enrolAgain(): Promise<boolean> {
    const { node, client, log } = this.parts;
    const { options, dir } = node.with_;
    const self = this.#identity.enrolled!.self;
    try {
      const plan = await node.plan(self, this.#snapshot, 0);
      const { agentToken: token } = options;
      this.#identity = await enrol({
        dir,
        client,
        token,
        name: self.name,
        report: plan.report,
        claim: self,
      });
      log("warning", "the controller did not know this node any more; it has enrolled again");
      return true;
    } catch (error) {
      this.#changes.say("enrol", "warning", messageOf(error));
      return false;
    }
  }

  async #tellStatus(plan: Plan): Promise<void> {
    try {
      const status = await this.#status(plan);
      await this.#writeStatus(status);
      if (this.#follower.link.state === "connected") await this.#client().postStatus(status);
      this.#changes.over("status", "the status can be told again");
    } catch (error) {
      this.#changes.say("status", "warning", messageOf(error));
    }
  }

  /** What this node last saw of itself; undefined before its first look. */
  get status(): LocalStatus | undefined {
    return this.#local;
  }

  /** Without a look at the host, what was seen last is told again, with the error that came since. */
  async #tellError(): Promise<void> {
    try {
      if (this.#local !== undefined) await this.#writeStatus(this.#local);
    } catch (error) {
      this.#changes.say("status", "warning", messageOf(error));
    }
  }

  async #writeStatus(status: NodeStatus): Promise<void> {
    const { asn, addresses } = this.#identity.enrolled!.self;
    const controller = { url: this.parts.client.url, ...this.#follower.link };
    const written = new Date().toISOString();
    const { lastError } = this.#changes;
    this.#local = { ...status, asn, addresses, controller, written, lastError };
    await this.parts.node.with_.dir.write(STATUS_FILE, `${JSON.stringify(this.#local)}\n`);
  }

  async #status(plan: Plan): Promise<NodeStatus> {
    const { frr, parts } = this.parts.node.with_;
    const sessions = await frr?.sessions() ?? new Map<string, BgpSession>();
    const tunnels = parts.tunnels.join(",");
    return collectStatus({
      assignment: this.#identity.enrolled!.self,
      snapshot: this.#snapshot,
      state: plan.observation.state,
      counters: plan.observation.counters,
      sessions,
      parts: { wg: parts.wg, tunnels, dummy: parts.dummy, frr: frr?.name ?? "none" },
      reconcile: this.#lastReconcile!,
      now: new Date(),
    });
  }
}
