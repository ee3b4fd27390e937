import type { Change } from "../plan/change.ts";
import { forgetLines } from "../plan/frr_forget.ts";
import type { Applied } from "./apply.ts";
import type { Plan } from "./node.ts";

function devicesIn(changes: readonly Change[]): readonly string[] {
  return changes.flatMap((change) => change.kind === "link.add" ? [change.link.name] : []);
}

/** Says which of its neighbours FRR is to forget because their tunnels are made anew. */
export class RemadeTunnels {
  /** Devices that could not be made. Until one can, FRR keeps its neighbour: it would only forget and learn it at every try. */
  #missing: ReadonlySet<string> = new Set();

  /** The lines by which FRR forgets its neighbours on devices that a plan is about to make anew. */
  before({ changes, observation }: Plan): readonly string[] {
    const devices = devicesIn(changes).filter((name) => !this.#missing.has(name));
    return forgetLines(observation.state.frr?.text ?? "", devices);
  }

  /** The same for devices that were made at last, after FRR was told of them without there being any. */
  after({ observation }: Plan, applied: Applied): readonly string[] {
    const made = devicesIn(applied.done).filter((name) => this.#missing.has(name));
    this.#missing = new Set(devicesIn(applied.failed.map(({ change }) => change)));
    return forgetLines(observation.state.frr?.text ?? "", made);
  }
}
