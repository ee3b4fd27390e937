import type { Exec } from "../host/exec.ts";
import { Frr } from "../host/frr.ts";
import { FrrSystem } from "../host/frr_system.ts";
import type { StateDir } from "../host/state_dir.ts";
import { StateError } from "../model/errors.ts";
import type { Log } from "./log.ts";
import type { FrrBackendName } from "./options.ts";

/** What choosing a way to FRR needs. */
export interface FrrChoice {
  readonly backend: FrrBackendName;
  /** Container image; undefined for the pinned default. */
  readonly image: string | undefined;
  readonly exec: Exec;
  readonly dir: StateDir;
  readonly log: Log;
}

/** FRR, run the way that `--frr` asks for; undefined for `none`. */
export function makeFrr({ backend, exec, dir }: FrrChoice): Frr | undefined {
  if (backend === "none") return undefined;
  if (backend !== "system") throw new StateError(`--frr ${backend} is not there`);
  return new Frr({ exec, backend: new FrrSystem({ exec, dir }), now: () => performance.now() });
}
