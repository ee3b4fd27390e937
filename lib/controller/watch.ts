import { messageOf } from "../model/errors.ts";
import type { Database } from "../store/database.ts";
import type { Feed } from "./feed.ts";
import type { Log } from "./log.ts";
import type { MeshState } from "./mesh_state.ts";

/** How often it is tried whether a database that could not be written can be again, milliseconds. */
const PROBE_MS = 1_000;

/** What a watch works with. */
export interface WatchOptions {
  readonly database: Database;
  readonly state: MeshState;
  readonly feed: Feed;
  readonly log: Log;
}

/** Notices what was stored, by this controller or another, and whether the database works. */
export class Watch {
  /** Why the database cannot be read; undefined when it can. */
  trouble: string | undefined;
  readonly #options: WatchOptions;
  #looking: Promise<void> | undefined;
  #turn: Promise<void> = Promise.resolve();
  #nextProbe = 0;
  #told: string | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Begins to look. */
  start(everyMs: number): void {
    this.#timer = setInterval(() => void this.look(), everyMs);
  }

  /** Ends it. */
  stop(): void {
    clearInterval(this.#timer);
  }

  /** Looks now; callers at the same time share one look. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => this.#looking = undefined);
    return this.#looking;
  }

  /** A look that began after the call: it sees whatever was stored before. */
  async lookAfresh(): Promise<void> {
    await this.#looking;
    await this.look();
  }

  /** Takes in what was stored; one at a time, because each goes on from where the last one ended. */
  takeIn(reader: Parameters<MeshState["refresh"]>[0]): Promise<void> {
    const turn = this.#turn.then(async () => {
      if (await this.#options.state.refresh(reader)) this.#options.feed.moved();
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #look(): Promise<void> {
    const { database } = this.#options;
    try {
      await database.read((reader) => this.takeIn(reader));
      this.trouble = undefined;
    } catch (error) {
      this.trouble = messageOf(error);
    }
    this.#tell(this.trouble ?? database.trouble);
    if (database.trouble === undefined || performance.now() < this.#nextProbe) return;
    this.#nextProbe = performance.now() + PROBE_MS;
    await database.probe().catch(() => {});
  }

  /** One line when it begins and one when it ends, however many requests suffer from it. */
  #tell(trouble: string | undefined): void {
    const { log } = this.#options;
    if ((trouble === undefined) === (this.#told === undefined)) return;
    if (trouble === undefined) log("info", "the database works again");
    else log("error", `${trouble}; nodes keep what they have`);
    this.#told = trouble;
  }
}
