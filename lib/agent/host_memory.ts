import { StateError } from "../model/errors.ts";
import type { Change } from "../plan/change.ts";
import { formatFrrText, parseFrrText } from "../plan/frr_text.ts";
import type { StateDir } from "../host/state_dir.ts";
import { FILES, type HostRecord, remember } from "./memory.ts";

/** What was done to a host, on disk: it has to be known to undo it, and to tell it from what others did. */
export class HostMemory {
  #record: HostRecord;
  #saved = false;

  constructor(private readonly dir: StateDir, record: HostRecord) {
    this.#record = record;
  }

  /** What was done so far. */
  get record(): HostRecord {
    return this.#record;
  }

  /** Makes sure that the record is on disk before the first thing is done. */
  async saveOnce(): Promise<void> {
    if (!this.#saved) await this.#save(this.#record);
  }

  /** The values that kernel parameters have before they are first changed. */
  async sysctls(changes: readonly Extract<Change, { kind: "sysctl.set" }>[]): Promise<void> {
    const sysctlsBefore = { ...this.#record.sysctlsBefore };
    for (const { key, old } of changes) sysctlsBefore[key] ??= old;
    await this.#save({ ...this.#record, sysctlsBefore });
  }

  /**
   * FRR is about to be given lines (as a configuration): should the agent be killed then, or FRR not answer, the next one knows
   * that they are meshover's. A disk that takes nothing does not keep FRR from being told; while the agent lives it knows.
   */
  async frrBegins(sets: string): Promise<void> {
    const before = this.#record.frrBegun ?? "";
    const frrBegun = formatFrrText(parseFrrText(before + sets));
    if (frrBegun === before) return;
    try {
      await this.#save({ ...this.#record, frrBegun });
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
    }
  }

  /** FRR's configuration as applied, and as FRR lists it after that; nothing is begun any more. */
  async frr(frrApplied: NonNullable<HostRecord["frrApplied"]>): Promise<void> {
    const { frrBegun: _, ...rest } = this.#record;
    await this.#save({ ...rest, frrApplied });
  }

  /** The nftables table as made, and as nft lists it; undefined when there is none. */
  async nft(nftApplied: HostRecord["nftApplied"]): Promise<void> {
    const { nftApplied: _, ...rest } = this.#record;
    await this.#save(nftApplied === undefined ? rest : { ...rest, nftApplied });
  }

  async #save(record: HostRecord): Promise<void> {
    this.#record = record;
    this.#saved = true;
    await remember(this.dir, { file: FILES.host, value: record });
  }
}
