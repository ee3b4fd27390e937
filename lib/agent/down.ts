import { SystemExec } from "../host/exec.ts";
import { applyNft } from "../host/nft.ts";
import { StateDir } from "../host/state_dir.ts";
import { type Change, describeChange } from "../plan/change.ts";
import { EMPTY_STATE, type HostState } from "../plan/host_state.ts";
import { COIL_VRF } from "../plan/names.ts";
import { reconcile } from "../plan/reconcile.ts";
import { type Applied, apply } from "./apply.ts";
import type { Frr } from "../host/frr.ts";
import type { Log } from "./log.ts";
import { makeFrr } from "./make_frr.ts";
import { messageOf } from "../model/errors.ts";
import { STATUS_FILE } from "./local_status.ts";
import {
  FILES,
  frrMemory,
  type HostRecord,
  KEY_FILE,
  NO_RECORD,
  recall,
  remember,
} from "./memory.ts";
import { observe } from "./observe.ts";
import { requireRoot } from "./start.ts";

/** What to take down. */
export interface DownOptions {
  readonly stateDir: string;
  readonly dryRun: boolean;
  /** Forget who this node is, too: its identity, key and mesh. */
  readonly forget: boolean;
  readonly log: Log;
}

/** Removing everything, as changes: the way to the empty state, with kernel parameters as they were. */
export function planDown(observed: HostState, record: HostRecord): readonly Change[] {
  const known = new Map(Object.entries(record.sysctlsBefore));
  const desired: HostState = { ...EMPTY_STATE, sysctls: known };
  return reconcile(desired, observed, {
    nowS: 0,
    frr: frrMemory(record),
    nftApplied: undefined,
  });
}

/** Takes FRR back to what it was before meshover: its lines out, the daemons that it started ended. */
async function frrDown(frr: Frr, record: HostRecord): Promise<void> {
  const memory = frrMemory(record);
  const running = await frr.running();
  const told = memory.applied !== undefined || memory.begun !== undefined;
  if (running !== undefined && told) await frr.remove(memory, running);
  await frr.stop();
}

async function tryFrrDown(frr: Frr, record: HostRecord): Promise<string | undefined> {
  try {
    await frrDown(frr, record);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * The kernel makes its rules for VRFs with the first VRF of a network namespace and never again (drivers/net/vrf.c,
 * vrf_newlink): without them, VRFs that somebody makes later would not work. Without a VRF they do nothing.
 */
const RULE_STAYS =
  "the kernel's own rule 1000 (l3mdev-table) stays: it would not come back with the next VRF, and does nothing without one";

function isCoilVrf(change: Change): boolean {
  return change.kind === "link.delete" && change.name === COIL_VRF.name;
}

async function forget(dir: StateDir): Promise<void> {
  for (
    const name of [FILES.identity.name, FILES.snapshot.name, FILES.host.name, KEY_FILE, STATUS_FILE]
  ) {
    await dir.remove(name);
  }
}

/** What the agent left behind, and the way back. */
async function look(
  exec: SystemExec,
  dir: StateDir,
): Promise<{ readonly record: HostRecord; readonly changes: readonly Change[] }> {
  const record = await recall(dir, FILES.host) ?? NO_RECORD;
  const { state } = await observe(exec, { sysctls: Object.keys(record.sysctlsBefore) });
  return { record, changes: planDown(state, record) };
}

/**
 * Removes everything that the agent made on this host and nothing else. The node's identity stays in the state
 * directory, so that the next start brings the same addresses.
 */
export async function down(
  options: DownOptions,
): Promise<Applied & { readonly complete: boolean }> {
  const exec = new SystemExec();
  await requireRoot(exec);
  const dir = new StateDir(options.stateDir);
  if (options.dryRun) {
    const { changes } = await look(exec, dir);
    for (const change of changes) options.log("info", `would ${describeChange(change)}`);
    return { done: [], failed: [], writes: 0, complete: true };
  }
  await dir.prepare();
  const lock = await dir.lock();
  try {
    const { record, changes } = await look(exec, dir);
    // FRR first: it must not hold devices that go (a deleted VRF crashes zebra).
    const frr = makeFrr({
      backend: record.frrBackend,
      image: undefined,
      node: record.frrNode,
      exec,
      dir,
      log: options.log,
    });
    const frrError = frr === undefined ? undefined : await tryFrrDown(frr, record);
    if (frrError !== undefined) options.log("error", `cannot take FRR down: ${frrError}`);
    const applied = await apply(changes, {
      exec,
      privateKey: "",
      applyFrr: () => Promise.resolve(),
      applyNft: (text) => applyNft(exec, text),
      beforeSysctls: () => Promise.resolve(),
      waitForFrr: () => Promise.resolve(),
    });
    for (const change of applied.done) options.log("info", describeChange(change));
    if (applied.done.some(isCoilVrf)) options.log("info", RULE_STAYS);
    for (const { change, error } of applied.failed) {
      options.log("error", `cannot ${describeChange(change)}: ${error}`);
    }
    // What could not be undone has to be known to the next try.
    if (applied.failed.length > 0 || frrError !== undefined) return { ...applied, complete: false };
    await remember(dir, { file: FILES.host, value: NO_RECORD });
    if (options.forget) await forget(dir);
    return { ...applied, complete: true };
  } finally {
    lock.release();
  }
}
