import type { Frr } from "../host/frr.ts";
import { messageOf, StateError } from "../model/errors.ts";
import type { ChangeLog, Log } from "./log.ts";

/** States of a service that somebody is just starting or stopping; daemons that are started meanwhile are in his way. */
const ON_ITS_WAY = ["activating", "deactivating", "reloading"];

/** What a keeper works with. */
export interface FrrKeeperParts {
  /** The state of FRR's service, where there is one. */
  readonly service: () => Promise<string | undefined>;
  /** Undefined with `--frr none`: then there is nothing to keep. */
  readonly frr: Pick<Frr, "name" | "ensureCurrent" | "ensureRunning"> | undefined;
  readonly log: Log;
  readonly changes: ChangeLog;
}

/** Keeps FRR running, and says so; never throws. */
export class FrrKeeper {
  constructor(private readonly parts: FrrKeeperParts) {}

  /** FRR that was made from another image or other files is replaced once, at the start. */
  async replaceOutdated(): Promise<void> {
    const { frr, log, changes } = this.parts;
    try {
      if ((await frr?.ensureCurrent())?.replaced) log("info", `replaced FRR (${frr!.name})`);
    } catch (error) {
      changes.say("frr", "error", messageOf(error));
    }
  }

  /** Starts FRR unless it runs, or somebody is restarting its service; returns why it does not run. */
  async start(): Promise<Error | undefined> {
    const { frr, log, changes } = this.parts;
    try {
      if (frr?.name === "system") await this.#requireIdleService();
      const started = await frr?.ensureRunning();
      if (started?.started) log("info", `started FRR (${frr!.name})`);
      changes.over("frr", "FRR runs again");
      return undefined;
    } catch (error) {
      changes.say("frr", "error", messageOf(error));
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async #requireIdleService(): Promise<void> {
    const state = await this.parts.service();
    if (state === undefined || !ON_ITS_WAY.includes(state)) return;
    throw new StateError(`FRR does not answer: its service is ${state}; waiting for it`);
  }
}
