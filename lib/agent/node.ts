import type { Exec } from "../host/exec.ts";
import { applyNft, observeNft } from "../host/nft.ts";
import type { StateDir } from "../host/state_dir.ts";
import type { IpAddress } from "../model/address.ts";
import type { Assignment, NodeReport } from "../model/node.ts";
import type { Prefix } from "../model/prefix.ts";
import { VERSION } from "../model/version.ts";
import type { WgKey } from "../model/wg_key.ts";
import type { Change } from "../plan/change.ts";
import type { Parts } from "../plan/choose_parts.ts";
import { type Gathering, planGathering } from "../plan/gathering.ts";
import type { HostState } from "../plan/host_state.ts";
import { HANDSHAKE_DEAD_S } from "../plan/wg_sync.ts";
import type { AppliedFrrConf } from "../plan/frr_diff.ts";
import { firewallText } from "../plan/firewall.ts";
import { acceptRaKey, untoldSysctls } from "../plan/sysctls.ts";
import { reconcile } from "../plan/reconcile.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import {
  desiredState,
  type Neighbour,
  neighbours,
  type Self,
  type Wishes,
} from "../plan/topology.ts";
import { findUnderlay, type HostNetwork, type Underlay } from "../plan/underlay.ts";
import { type Applied, apply } from "./apply.ts";
import type { Frr } from "../host/frr.ts";
import type { FrrInput } from "../plan/frr_conf.ts";
import { frrInput } from "./frr_input.ts";
import type { RenderedFrr } from "./frr_template.ts";
import { Memo } from "./memo.ts";
import { NodeFrr } from "./node_frr.ts";
import { HostMemory } from "./host_memory.ts";
import { frrMemory, type HostRecord } from "./memory.ts";
import { type Observation, observe } from "./observe.ts";
import type { AgentOptions } from "./options.ts";
import { Quiet } from "./quiet.ts";
import { WayOut } from "./way_out.ts";

/** What a node works with. */
export interface NodeParts {
  readonly exec: Exec;
  readonly dir: StateDir;
  readonly options: AgentOptions;
  readonly parts: Parts;
  readonly privateKey: WgKey;
  readonly publicKey: WgKey;
  /** Undefined with `--frr none`. */
  readonly frr: Frr | undefined;
}

/** A plan, and what it was made from. */
export interface Plan {
  readonly observation: Observation;
  readonly underlay: Underlay;
  readonly report: NodeReport;
  readonly desired: HostState;
  readonly changes: readonly Change[];
  /** Why the template of FRR's configuration is not followed; undefined when it is. */
  readonly frrProblem: string | undefined;
  /** FRR's configuration, when it has all that it is to have. */
  readonly frrSettled: AppliedFrrConf | undefined;
}

interface DesiredFacts {
  readonly self: Self;
  readonly snapshot: Snapshot;
  readonly observation: Observation;
  readonly nowS: number;
}

interface GatheringFacts {
  readonly self: Self;
  readonly near: readonly Neighbour[];
  readonly observation: Observation;
  readonly nowS: number;
}

const NO_GATHERING: Gathering = { rules: [], routes: [] };

/** FRR's configuration as it is, when nothing of it is to be changed. */
function settled(
  desired: HostState,
  observed: HostState,
  changes: readonly Change[],
): AppliedFrrConf | undefined {
  const [text, runningAfter] = [desired.frr?.text, observed.frr?.text];
  if (text === undefined || runningAfter === undefined) return undefined;
  const changing = changes.some(({ kind }) => kind === "frr.apply");
  return changing ? undefined : { text, runningAfter };
}

/** One node's hands and eyes: observes, plans and applies. It holds no connection and no timer. */
export class Node {
  /** Addresses of controllers: the devices that lead to them are underlay. */
  controllerAddresses: readonly IpAddress[] = [];
  /** Round trip to peers that gather a range which others gather too, milliseconds. */
  rttMs: ReadonlyMap<number, number> = new Map();
  readonly #memory: HostMemory;
  readonly #wayOut: WayOut;
  readonly #quiet = new Quiet();
  readonly #near = new Memo<readonly Neighbour[]>();
  readonly #input = new Memo<FrrInput>();
  readonly #frr: NodeFrr | undefined;
  readonly #state = new Memo<HostState>();

  constructor(readonly with_: NodeParts, record: HostRecord) {
    this.#memory = new HostMemory(with_.dir, record);
    this.#wayOut = new WayOut(with_.exec);
    const { frr, dir, options } = with_;
    const { template } = options.frr;
    this.#frr = frr && new NodeFrr({ frr, dir, template, memory: this.#memory });
  }

  /** What was done to this host so far. */
  get record(): HostRecord {
    return this.#memory.record;
  }

  /** The underlay, and what the controller is to be told of this node. */
  async survey(
    network: HostNetwork,
    overlay: readonly Prefix[],
  ): Promise<{ underlay: Underlay; report: NodeReport }> {
    const { options, parts, publicKey } = this.with_;
    const toControllers = await this.#wayOut.devices(this.controllerAddresses, network);
    const outward = [...network.outwardDevices, ...toControllers];
    const full = { ...network, outwardDevices: [...new Set(outward)] };
    const underlay = findUnderlay(full, { choices: options.underlay, overlay });
    const report: NodeReport = {
      publicKey,
      port: options.wgPort,
      candidates: underlay.candidates.slice(0, 32),
      tunnels: [...parts.tunnels],
      wg: parts.wg,
      underlayMtu: underlay.mtu,
      gathers: [...options.gathers],
      version: VERSION,
    };
    return { underlay, report };
  }

  /** Nothing was heard of a change since the last plan: the next one need not look at everything again. */
  nothingHeard(): void {
    this.#quiet.nothingHeard();
  }

  /** Observes and plans; runs no command that writes. */
  async plan(assignment: Assignment, snapshot: Snapshot, nowS: number): Promise<Plan> {
    const { exec, parts } = this.with_;
    const frr = this.#frr;
    const observation = await observe(exec, {
      watched: this.#quiet.take(),
      sysctls: untoldSysctls(parts.wg),
      ...(frr === undefined ? {} : { lookAtFrr: () => frr.look() }),
    });
    this.#quiet.seen(observation.watched);
    const overlay = [...snapshot.mesh.tunnelPools, ...snapshot.mesh.nodePools];
    const { underlay, report } = await this.survey(observation.network, overlay);
    const seenAddress = snapshot.peers.find((p) => p.number === assignment.number)?.seenAddress ??
      null;
    const self: Self = { assignment, report, underlay, seenAddress, dummy: parts.dummy };
    const facts = { self, snapshot, observation, nowS };
    const { text, problem: frrProblem } = await this.#frrText(facts);
    const desired = await this.#desired(facts, text);
    // A node that has not heard of its mesh, or whose memory of it is damaged, takes nothing away: it may be right.
    const knowing = snapshot.meshId !== "";
    const memory = { frr: frrMemory(this.record), nftApplied: this.record.nftApplied };
    const changes = knowing ? reconcile(desired, observation.state, { nowS, ...memory }) : [];
    const frrSettled = knowing ? settled(desired, observation.state, changes) : undefined;
    return { observation, underlay, report, desired, changes, frrProblem, frrSettled };
  }

  /** What was planned found FRR with all that it is to have: it is remembered so. */
  async settle({ frrSettled }: Plan): Promise<void> {
    if (frrSettled !== undefined) await this.#frr?.settled(frrSettled);
  }

  /** What FRR is to be told. */
  async #frrText({ self, snapshot, observation, nowS }: DesiredFacts): Promise<RenderedFrr> {
    if (this.#frr === undefined) return { text: undefined, problem: undefined };
    const networks = observation.network.unseenByFrr;
    const settings = this.with_.options.frr;
    const input = this.#input.get(
      [snapshot, JSON.stringify(self), networks.join()],
      () => frrInput({ self, snapshot, settings, networks }),
    );
    return await this.#frr.render(input, {
      answers: observation.state.frr !== undefined,
      nowS,
    });
  }

  /** The desired state; with many peers it is dear to make, and it seldom changes. */
  async #desired(facts: DesiredFacts, text: string | undefined): Promise<HostState> {
    const { self, snapshot, observation, nowS } = facts;
    const { options } = this.with_;
    const who = JSON.stringify(self);
    const near = this.#near.get([snapshot, who], () => neighbours(self, snapshot.peers));
    const wishes: Wishes = {
      gathering: await this.#gathering({ self, near, observation, nowS }),
      raDevices: this.#raDevices(observation),
      coilVrf: options.coil.advertise && !observation.network.foreignCoilVrf,
      frr: text === undefined ? undefined : { text },
      nft: { text: this.#firewall(self.assignment, observation.network) },
    };
    const keys = [snapshot, who, JSON.stringify(wishes)];
    return this.#state.get(keys, () => desiredState(self, snapshot.peers, wishes));
  }

  /** Carries out changes; what has to be known to undo them is on disk before they are made. */
  async apply(changes: readonly Change[]): Promise<Applied> {
    const { exec, privateKey, frr } = this.with_;
    if (changes.length > 0) await this.#memory.saveOnce();
    let frrText: string | undefined;
    const applied = await apply(changes, {
      exec,
      privateKey,
      applyFrr: async (change) => {
        await this.#frr!.apply(change);
        frrText = change.text;
      },
      applyNft: (text) => this.#applyNft(text),
      beforeSysctls: (sysctls) => this.#memory.sysctls(sysctls),
      waitForFrr: async (devices) => await frr?.waitUntilSeen(devices),
    });
    // FRR's listing of what it took is read once everything is done: it takes 0.1 s, and the tunnels wait to come up.
    if (frrText !== undefined) await this.#frr!.remember(frrText);
    return applied;
  }

  /** A daemon that takes advertisements itself has turned the kernel's part off (0), and that stays so. */
  #raDevices({ network, state }: Observation): readonly string[] {
    return network.raDevices.filter((dev) =>
      ["1", "2"].includes(state.sysctls.get(acceptRaKey(dev)) ?? "0")
    );
  }

  /** Which gatherer each range goes to now. FRR is only asked when there is one at all. */
  async #gathering(facts: GatheringFacts): Promise<Gathering> {
    const { self, near, observation: { state, sessions: seen }, nowS } = facts;
    const gatherers = near.filter((n) => n.peer.gathers.length > 0);
    if (gatherers.length === 0) return NO_GATHERING;
    const { frr, options } = this.with_;
    const sessions = seen ?? await frr?.sessions();
    const isLive = ({ peer, tunnel }: Neighbour) =>
      sessions === undefined
        ? nowS - (state.wg?.peers.get(peer.publicKey)?.handshakeAt ?? 0) < HANDSHAKE_DEAD_S
        : sessions.get(tunnel.name)?.state === "Established";
    const current = [...state.rules.values()].flatMap((r): [Prefix, number][] =>
      r.from === undefined ? [] : [[r.from, r.table]]
    );
    return planGathering({
      selfNumber: self.assignment.number,
      ownRanges: options.gathers,
      near,
      live: new Set(gatherers.filter(isLive).map((n) => n.peer.number)),
      rttMs: this.rttMs,
      current: new Map(current),
    });
  }

  #firewall({ tunnelAddress }: Assignment, network: HostNetwork): string {
    const { firewall, coil, wgPort } = this.with_.options;
    const { outwardDevices } = network;
    return firewallText({
      tunnelAddress,
      wgPort,
      guard: firewall,
      natSources: coil.natSources,
      outwardDevices,
    });
  }

  async #applyNft(text: string | undefined): Promise<void> {
    const { exec } = this.with_;
    await applyNft(exec, text);
    const listing = await observeNft(exec);
    const known = text === undefined || listing === undefined ? undefined : { text, listing };
    await this.#memory.nft(known);
  }
}
