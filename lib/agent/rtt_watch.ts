import type { Exec } from "../host/exec.ts";
import { measureRtt } from "../host/ping.ts";
import { messageOf } from "../model/errors.ts";
import { contested } from "../plan/gathering.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import type { ChangeLog } from "./log.ts";

/** Milliseconds between measurements. */
const EVERY_MS = 30_000;

/** Measures how near the nodes are that gather a range which others gather too; with one gatherer a range, it does nothing. */
export class RttWatch {
  #rtts: ReadonlyMap<number, number> = new Map();
  #measuredAt = -Infinity;
  #measuring = false;

  constructor(private readonly exec: Exec, private readonly changes: ChangeLog) {}

  /** Round trips by node number, milliseconds, as measured last. */
  get rtts(): ReadonlyMap<number, number> {
    return this.#rtts;
  }

  /** Measures in the background when it is time; `onNews` is called when it has. Never throws. */
  look(mesh: { readonly snapshot: Snapshot; readonly self: number }, onNews: () => void): void {
    const { snapshot, self } = mesh;
    const peers = contested(snapshot.peers.filter((p) => p.number !== self));
    if (peers.length === 0 || this.#measuring || performance.now() - this.#measuredAt < EVERY_MS) {
      return;
    }
    this.#measuring = true;
    void this.#measure(peers).then(onNews);
  }

  async #measure(peers: Snapshot["peers"]): Promise<void> {
    try {
      const rtts = await Promise.all(peers.map((p) => measureRtt(this.exec, p.tunnelAddress)));
      this.#rtts = new Map(
        rtts.flatMap((rtt, i) => rtt === undefined ? [] : [[peers[i]!.number, rtt] as const]),
      );
      this.changes.over("rtt", "the way to gathering nodes can be measured again");
    } catch (error) {
      this.changes.say("rtt", "warning", messageOf(error));
    } finally {
      this.#measuredAt = performance.now();
      this.#measuring = false;
    }
  }
}
