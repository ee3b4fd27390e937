import type { Exec } from "../host/exec.ts";
import { Frr } from "../host/frr.ts";
import type { FrrBackend } from "../host/frr_backend.ts";
import { FrrContainer } from "../host/frr_container.ts";
import { FrrSystem } from "../host/frr_system.ts";
import type { StateDir } from "../host/state_dir.ts";
import type { Log } from "./log.ts";
import type { FrrBackendName } from "./options.ts";

/** What choosing a way to FRR needs. */
export interface FrrChoice {
  readonly backend: FrrBackendName;
  /** Container image; undefined for the pinned default. */
  readonly image: string | undefined;
  /** Name of the node: a container is found again by it. */
  readonly node: string;
  readonly exec: Exec;
  readonly dir: StateDir;
  readonly log: Log;
}

/** The way to FRR that `--frr` asks for. */
export function backendOf(choice: FrrChoice, backend: Exclude<FrrBackendName, "none">): FrrBackend {
  const { exec, dir, node, image, log } = choice;
  if (backend === "system") return new FrrSystem({ exec, dir });
  const configDir = `${dir.path}/frr`;
  return new FrrContainer({
    engine: backend,
    exec,
    node,
    configDir,
    image,
    log: (line) => log("info", line),
  });
}

/** FRR, run the way that `--frr` asks for; undefined for `none`. */
export function makeFrr(choice: FrrChoice): Frr | undefined {
  const { backend, exec } = choice;
  if (backend === "none") return undefined;
  return new Frr({ exec, backend: backendOf(choice, backend), now: () => performance.now() });
}
