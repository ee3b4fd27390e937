import type { DatedFault } from "../plan/mesh_view.ts";
import type { EventRing } from "./event_ring.ts";

/** What a node says of its links now. */
export interface LinkReport {
  readonly number: number;
  readonly faults: readonly DatedFault[];
  /** Name of the node with a number. */
  readonly name: (number: number) => string;
}

/** Which ends say that a link is not well, so that a link that goes down is one event, whoever notices first. */
export class LinkTally {
  readonly #events: EventRing;
  /** By node: its peers and what is wrong with the link, as one text. */
  readonly #told = new Map<number, Map<number, string>>();

  constructor(events: EventRing) {
    this.#events = events;
  }

  /** Takes in what a node says. True when it says something else than before. */
  tell(node: string, report: LinkReport): boolean {
    const { number, faults, name } = report;
    const before = this.#told.get(number) ?? new Map<number, string>();
    const now = new Map(faults.map((f) => [f.peer, `${f.fault}: ${f.word}`]));
    this.#told.set(number, now);
    let moved = false;
    for (const [peer, word] of now) {
      moved ||= before.get(peer) !== word;
      if (before.has(peer) || this.#saysSo(peer, number)) continue;
      this.#events.add({ kind: "link-down", node, other: name(peer), detail: word });
    }
    for (const peer of before.keys()) {
      if (now.has(peer)) continue;
      moved = true;
      if (this.#saysSo(peer, number)) continue;
      this.#events.add({ kind: "link-up", node, other: name(peer), detail: "" });
    }
    return moved;
  }

  /** A node says nothing any more: that is no good news of its links. */
  silence(number: number): void {
    this.#told.delete(number);
  }

  /** A node was removed. */
  forget(number: number): void {
    this.#told.delete(number);
    for (const peers of this.#told.values()) peers.delete(number);
  }

  #saysSo(number: number, peer: number): boolean {
    return this.#told.get(number)?.has(peer) ?? false;
  }
}
