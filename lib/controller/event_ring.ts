import type { MeshEvent } from "../model/mesh_view.ts";

/** Events kept; the oldest go first. In memory only: what must outlast a restart is in the audit log. */
export const EVENTS_KEPT = 500;

/** What happened to the mesh lately. */
export class EventRing {
  readonly #now: () => number;
  #events: MeshEvent[] = [];
  #lastId = 0;

  /** `now` gives milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Keeps an event. */
  add(event: Omit<MeshEvent, "id" | "at">): void {
    this.#events.push({ id: ++this.#lastId, at: new Date(this.#now()).toISOString(), ...event });
    if (this.#events.length > 2 * EVENTS_KEPT) this.#events = this.#events.slice(-EVENTS_KEPT);
  }

  /** Events after the one with this id, oldest first. */
  after(id: number): readonly MeshEvent[] {
    if (id >= this.#lastId) return [];
    return this.#events.slice(-EVENTS_KEPT).filter((event) => event.id > id);
  }

  /** Id of the newest event; 0 when there is none. */
  get lastId(): number {
    return this.#lastId;
  }
}
