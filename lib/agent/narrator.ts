import { describeChange } from "../plan/change.ts";
import { reasonOf } from "../plan/change_reason.ts";
import type { HostState } from "../plan/host_state.ts";
import { isTooNarrow, MIN_MTU, TUNNEL_OVERHEAD, WG_OVERHEAD } from "../plan/mtu.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import type { TunnelKind } from "../model/node.ts";
import type { Applied } from "./apply.ts";
import type { ChangeLog, Log } from "./log.ts";

/** Where is spoken, and what is known at the start. */
export interface NarratorParts {
  readonly log: Log;
  readonly changes: ChangeLog;
  readonly snapshot: Snapshot;
}

/** Says in the log what the loop does, and why. */
export class Narrator {
  readonly #log: Log;
  readonly #changes: ChangeLog;
  /** Names of peers by number, also of those that have left. */
  readonly #names = new Map<number, string>();
  #before: HostState | undefined;

  constructor(parts: NarratorParts) {
    this.#log = parts.log;
    this.#changes = parts.changes;
    for (const { number, name } of parts.snapshot.peers) this.#names.set(number, name);
  }

  /** Every change that was made, with its reason; of those that fail, what is new. */
  applied(applied: Applied, wanted: HostState): void {
    const facts = {
      before: this.#before,
      now: wanted,
      peerName: (number: number) => this.#names.get(number),
    };
    for (const change of applied.done) {
      const words = describeChange(change);
      if (change.kind !== "settle") this.#log("info", `${words}: ${reasonOf(change, facts)}`);
      this.#changes.over(words, `worked at last: ${words}`);
    }
    for (const { change, error } of applied.failed) {
      const words = describeChange(change);
      this.#changes.say(words, "error", `cannot ${words}: ${error}`);
    }
    this.#before = wanted;
  }

  /** An underlay too narrow for tunnels as IPv6 needs them. */
  underlayMtu(mtu: number, kind: TunnelKind): void {
    if (!isTooNarrow(mtu, kind)) {
      return this.#changes.over("mtu", "the underlay's MTU is wide enough now");
    }
    const need = MIN_MTU + WG_OVERHEAD + TUNNEL_OVERHEAD[kind];
    const words = `the underlay's MTU of ${mtu} is under ${need}: tunnels keep ${MIN_MTU}, which ` +
      `IPv6 needs, and large packets are cut in pieces on the way; raise it if you can`;
    this.#changes.say("mtu", "warning", words);
  }

  /** Who joined the mesh and who left it. @param self number of this node */
  whoChanged(
    snapshots: { readonly before: Snapshot; readonly next: Snapshot },
    self: number,
  ): void {
    const { before, next } = snapshots;
    const gone = new Map(before.peers.map((p) => [p.number, p]));
    for (const { number, name } of next.peers) {
      this.#names.set(number, name);
      if (gone.delete(number) || number === self) continue;
      this.#log("info", `peer ${name} (${number}) joined the mesh`);
    }
    for (const { number, name } of gone.values()) {
      this.#names.set(number, name);
      this.#log("info", `peer ${name} (${number}) left the mesh`);
    }
  }
}
