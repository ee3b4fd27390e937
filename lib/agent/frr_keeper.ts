import type { Frr } from "../host/frr.ts";
import { messageOf } from "../model/errors.ts";
import type { ChangeLog, Log } from "./log.ts";

/** Keeps FRR running, and says so; never throws. */
export class FrrKeeper {
  /** @param frr undefined with `--frr none`: then there is nothing to keep. */
  constructor(
    private readonly frr: Frr | undefined,
    private readonly say: { readonly log: Log; readonly changes: ChangeLog },
  ) {}

  /** FRR that was made from another image or other files is replaced once, at the start. */
  async replaceOutdated(): Promise<void> {
    const { log, changes } = this.say;
    try {
      if ((await this.frr?.ensureCurrent())?.replaced) {
        log("info", `replaced FRR (${this.frr!.name})`);
      }
    } catch (error) {
      changes.say("frr", "error", messageOf(error));
    }
  }

  /** Starts FRR unless it runs; returns why it cannot. */
  async start(): Promise<Error | undefined> {
    const { log, changes } = this.say;
    try {
      const started = await this.frr?.ensureRunning();
      if (started?.started) log("info", `started FRR (${this.frr!.name})`);
      changes.over("frr", "FRR runs again");
      return undefined;
    } catch (error) {
      changes.say("frr", "error", messageOf(error));
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}
