import type { ControllerClient } from "../client/controller_client.ts";
import { messageOf } from "../model/errors.ts";
import type { NodeReport } from "../model/node.ts";
import type { ChangeLog } from "./log.ts";

/** Tells the controller of this node whenever what it was told last is not true any more. */
export class Reporter {
  #told = "";
  #telling: Promise<void> | undefined;

  constructor(private readonly client: ControllerClient, private readonly changes: ChangeLog) {}

  /** Tells in the background, unless it is told already or just being told; a failure is tried again at the next call. */
  report(report: NodeReport): void {
    const text = JSON.stringify(report);
    if (text === this.#told || this.#telling !== undefined) return;
    this.#telling = this.#tell(report, text).finally(() => this.#telling = undefined);
  }

  /** Makes the next call tell, whatever was told before. */
  forget(): void {
    this.#told = "";
  }

  /** Resolves when nothing is being told. */
  async idle(): Promise<void> {
    await this.#telling;
  }

  async #tell(report: NodeReport, text: string): Promise<void> {
    try {
      await this.client.report(report);
      this.#told = text;
      this.changes.over("report", "the controller knows this node's addresses again");
    } catch (error) {
      this.changes.say("report", "warning", messageOf(error));
    }
  }
}
