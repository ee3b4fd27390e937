import type { Exec } from "../host/exec.ts";
import { applyIpChanges } from "../host/ip_apply.ts";
import type { IpChange } from "../host/ip_batch.ts";
import { setSysctls } from "../host/sysctl.ts";
import { applyWgSync } from "../host/wg.ts";
import { startWireguardGo } from "../host/wireguard_go.ts";
import { messageOf } from "../model/errors.ts";
import type { Change } from "../plan/change.ts";

/** A change that could not be made, and why. */
export interface Failure {
  readonly change: Change;
  readonly error: string;
}

/** What came of a list of changes. */
export interface Applied {
  readonly done: readonly Change[];
  readonly failed: readonly Failure[];
  /** Programs that wrote: neighbouring changes are made by one. */
  readonly writes: number;
}

/** What comes of no changes. */
export const NOTHING_APPLIED: Applied = { done: [], failed: [], writes: 0 };

/** What came of two lists of changes, where the second tried again what failed of the first. */
export function bothApplied(first: Applied, second: Applied): Applied {
  const done = [...first.done, ...second.done];
  return { done, failed: second.failed, writes: first.writes + second.writes };
}

/** Tells of a template that is not followed as of a change that failed: somebody has to mend it. */
export function withRefusedTemplate(applied: Applied, problem: string | undefined): Applied {
  if (problem === undefined) return applied;
  const change: Change = { kind: "frr.apply", lines: [], sets: "", text: "" };
  return { ...applied, failed: [...applied.failed, { change, error: problem }] };
}

/** The doors that changes go through. */
export interface ApplyPorts {
  readonly exec: Exec;
  /** WireGuard private key of this node. */
  readonly privateKey: string;
  /** Configures FRR; throws with FRR's own words. */
  readonly applyFrr: (change: Extract<Change, { kind: "frr.apply" }>) => Promise<void>;
  /** Replaces meshover's nftables table. */
  readonly applyNft: (text: string | undefined) => Promise<void>;
  /** Told before kernel parameters are set, so that the old values are on disk first. */
  readonly beforeSysctls: (
    changes: readonly Extract<Change, { kind: "sysctl.set" }>[],
  ) => Promise<void>;
  /** Waits until FRR knows devices. */
  readonly waitForFrr: (devices: readonly string[]) => Promise<void>;
}

type Group =
  | { readonly by: "ip"; readonly changes: readonly IpChange[] }
  | { readonly by: "sysctl"; readonly changes: readonly Extract<Change, { kind: "sysctl.set" }>[] }
  | { readonly by: "one"; readonly changes: readonly [Change] };

function byOf(change: Change): Group["by"] {
  if (change.kind === "sysctl.set") return "sysctl";
  if (change.kind === "link.add") return change.link.shape.kind === "wireguard-go" ? "one" : "ip";
  return change.kind.startsWith("link.") || change.kind.startsWith("addr.") ||
      change.kind.startsWith("route.") || change.kind.startsWith("rule.")
    ? "ip"
    : "one";
}

/** Neighbouring changes that one run of a program can make. */
export function groupChanges(changes: readonly Change[]): readonly Group[] {
  const groups: { by: Group["by"]; changes: Change[] }[] = [];
  for (const change of changes) {
    const by = byOf(change);
    const last = groups.at(-1);
    if (last !== undefined && last.by === by && by !== "one") last.changes.push(change);
    else groups.push({ by, changes: [change] });
  }
  return groups as unknown as readonly Group[];
}

/**
 * Whether the changes that come after it do not build on it, so that they need not wait: the packet filter, and the peers of
 * WireGuard, which take a fifth of the time that many tunnels take.
 */
function standsAlone({ changes: [first] }: Group): boolean {
  return first?.kind === "nft.replace" || first?.kind === "wg.sync";
}

/** Carries out changes in order. One that fails does not stop the others; what was done and what failed is returned. */
export async function apply(changes: readonly Change[], ports: ApplyPorts): Promise<Applied> {
  const groups = groupChanges(changes);
  const running: Promise<ReadonlyMap<number, string>>[] = [];
  for (const group of groups) {
    const run = applyGroup(group, ports);
    running.push(run);
    if (!standsAlone(group)) await run;
  }
  const errors = await Promise.all(running);
  const results = groups.flatMap((group, at) =>
    group.changes.map((change, i) => ({ change, error: errors[at]!.get(i) }))
  );
  return {
    done: results.filter(({ error }) => error === undefined).map(({ change }) => change),
    failed: results.flatMap(({ change, error }) => error === undefined ? [] : [{ change, error }]),
    writes: groups.filter(({ changes: [first] }) => first?.kind !== "settle").length,
  };
}

async function applyGroup(
  group: Group,
  ports: ApplyPorts,
): Promise<ReadonlyMap<number, string>> {
  try {
    switch (group.by) {
      case "ip":
        return new Map(
          (await applyIpChanges(ports.exec, group.changes)).map((f) => [f.index, f.error]),
        );
      case "sysctl":
        return await applySysctls(group.changes, ports);
      case "one":
        await applyOne(group.changes[0], ports);
        return new Map();
      default:
        return group satisfies never;
    }
  } catch (error) {
    return new Map(group.changes.map((_, i) => [i, messageOf(error)]));
  }
}

async function applySysctls(
  changes: readonly Extract<Change, { kind: "sysctl.set" }>[],
  ports: ApplyPorts,
): Promise<ReadonlyMap<number, string>> {
  await ports.beforeSysctls(changes);
  const failed = await setSysctls(ports.exec, new Map(changes.map((c) => [c.key, c.value])));
  const out = new Map<number, string>();
  changes.forEach((change, i) => {
    const error = failed.get(change.key);
    if (error !== undefined) out.set(i, error);
  });
  return out;
}

async function applyOne(change: Change, ports: ApplyPorts): Promise<void> {
  switch (change.kind) {
    case "link.add":
      return await startWireguardGo(ports.exec, change.link);
    case "wg.sync":
      return await applyWgSync(ports.exec, change, ports.privateKey);
    case "frr.apply":
      return await ports.applyFrr(change);
    case "nft.replace":
      return await ports.applyNft(change.text);
    case "settle":
      return await ports.waitForFrr(change.devices);
    default:
      throw new TypeError(`"${change.kind}" is not carried out one by one`);
  }
}
