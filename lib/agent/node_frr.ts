import type { StateDir } from "../host/state_dir.ts";
import type { Frr, FrrLook } from "../host/frr.ts";
import { FrrRefusalError } from "../host/frr_refusal_error.ts";
import type { TemplateFile } from "../host/template_file.ts";
import { StateError } from "../model/errors.ts";
import type { Change } from "../plan/change.ts";
import type { FrrInput } from "../plan/frr_conf.ts";
import type { AppliedFrrConf } from "../plan/frr_diff.ts";
import { FrrTemplate, type RenderedFrr, type RenderFacts } from "./frr_template.ts";
import type { HostMemory } from "./host_memory.ts";

/** What a node's FRR is configured with. */
export interface NodeFrrParts {
  readonly frr: Frr;
  readonly dir: StateDir;
  readonly template: TemplateFile;
  readonly memory: HostMemory;
}

/** A change of FRR's configuration. */
type FrrApply = Extract<Change, { kind: "frr.apply" }>;

/** FRR's configuration on one node, and the memory of which of its lines are meshover's. */
export class NodeFrr {
  readonly #frr: Frr;
  readonly #memory: HostMemory;
  readonly #template: FrrTemplate;

  constructor({ frr, dir, template, memory }: NodeFrrParts) {
    this.#frr = frr;
    this.#memory = memory;
    this.#template = new FrrTemplate({ file: template, frr, dir });
  }

  /** A look at FRR. A vtysh that is missing or hangs is as good as an FRR that does not answer: the rest goes on. */
  async look(): Promise<FrrLook | undefined> {
    try {
      return await this.#frr.look();
    } catch (error) {
      if (error instanceof StateError) return undefined;
      throw error;
    }
  }

  /** What FRR is to be told. */
  render(input: FrrInput, facts: RenderFacts): Promise<RenderedFrr> {
    return this.#template.render(input, facts);
  }

  /** Has FRR take a change. A configuration that it refuses is not tried again in every turn. */
  async apply({ lines, sets, text }: FrrApply): Promise<void> {
    await this.#memory.frrBegins(sets);
    try {
      await this.#frr.apply(lines);
    } catch (error) {
      const nowS = Math.floor(Date.now() / 1000);
      if (error instanceof StateError) {
        const sure = error instanceof FrrRefusalError;
        this.#template.refused(text, { why: error.message, nowS, sure });
      }
      throw error;
    }
    await this.#template.taken(text);
  }

  /**
   * Remembers what FRR was told, with its own listing of it. When it does not answer now, the next look at it does: see
   * {@link NodeFrr.settled}.
   */
  async remember(text: string): Promise<void> {
    const runningAfter = (await this.look())?.running;
    if (runningAfter !== undefined) await this.#memory.frr({ text, runningAfter });
  }

  /** FRR was found to have all that it is to have: what was begun is done. */
  async settled(conf: AppliedFrrConf): Promise<void> {
    const { frrApplied, frrBegun } = this.#memory.record;
    if (frrBegun !== undefined || frrApplied?.text !== conf.text) await this.#memory.frr(conf);
  }
}
