import { inspectStateDir } from "../host/doctor_state_dir.ts";
import type { Exec } from "../host/exec.ts";
import { StateDir } from "../host/state_dir.ts";
import { messageOf } from "../model/errors.ts";
import { parsePrefix, type Prefix } from "../model/prefix.ts";
import type { AgentFact, StateDirFact } from "../plan/doctor_facts.ts";
import { NO_SNAPSHOT, type Snapshot } from "../plan/snapshot.ts";
import { readLocalStatus } from "./local_status.ts";
import { FILES, type Identity, KEY_FILE, recall } from "./memory.ts";
import { orElse } from "./or_else.ts";

/** The ranges of a mesh that was told no others, for a node that has not enrolled yet. */
const DEFAULT_POOLS: readonly Prefix[] = ["10.192.0.0/12", "10.128.0.0/12", "fd00:beef:beef::/48"]
  .map(parsePrefix);

/** What the state directory tells, as far as it can be read. */
export interface Memory {
  readonly identity: Identity | undefined;
  readonly snapshot: Snapshot;
  readonly stateDir: StateDirFact;
}

/** Reads everything that an agent left in its state directory. */
export async function recallAll(exec: Exec, path: string): Promise<Memory> {
  const secrets = [KEY_FILE, FILES.identity.name, FILES.host.name];
  const stateDir = await inspectStateDir(exec, { path, secrets });
  const dir = new StateDir(path);
  try {
    const identity = await recall(dir, FILES.identity);
    await recall(dir, FILES.host);
    const snapshot = await recall(dir, FILES.snapshot) ?? NO_SNAPSHOT;
    return { identity, snapshot, stateDir };
  } catch (error) {
    const problem = stateDir.problem ?? messageOf(error);
    return { identity: undefined, snapshot: NO_SNAPSHOT, stateDir: { ...stateDir, problem } };
  }
}

/** How the agent of this host is, by the status that it wrote. */
export async function agentFact(stateDir: string, nowMs: number): Promise<AgentFact> {
  const status = await orElse(readLocalStatus(stateDir), undefined);
  if (status === undefined) return { statusAgeS: undefined, failed: [] };
  const failed = status.reconcile.failed.map((f) => `${f.change}: ${f.error}`);
  return { statusAgeS: Math.max(0, (nowMs - Date.parse(status.at)) / 1000), failed };
}

/** Prefixes that belong to the mesh. */
export function poolsOf({ mesh }: Snapshot): readonly Prefix[] {
  const pools = [...mesh.tunnelPools, ...mesh.nodePools];
  return pools.length === 0 ? DEFAULT_POOLS : pools;
}

/** All nodes of the mesh but this one. */
export function peersOf({ identity, snapshot }: Memory): Snapshot["peers"] {
  const self = identity?.enrolled?.self.number;
  return snapshot.peers.filter((peer) => peer.number !== self);
}
