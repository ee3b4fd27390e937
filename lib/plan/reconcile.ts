import type { Change } from "./change.ts";
import { type FrrMemory, planFrrChange } from "./frr_diff.ts";
import type { HostState, Link, Route } from "./host_state.ts";
import { peerOfTunnel } from "./names.ts";
import { planWgSync } from "./wg_sync.ts";

/** What planning needs besides the two states. */
export interface ReconcileContext {
  /** Seconds since 1970. */
  readonly nowS: number;
  /** What FRR was told before. */
  readonly frr: FrrMemory;
  /** The nftables table as it was last made, and as nft listed it right after; nft rewrites what it is given. */
  readonly nftApplied: { readonly text: string; readonly listing: string } | undefined;
}

type LinkUp = Extract<Change, { kind: "link.up" }>;

const isTunnel = (name: string): boolean => peerOfTunnel(name) !== undefined;

function sameShape(a: Link, b: Link): boolean {
  const [x, y] = [a.shape, b.shape] as [Record<string, unknown>, Record<string, unknown>];
  if (x === y) return true;
  const names = Object.keys(x);
  return names.length === Object.keys(y).length && names.every((name) => x[name] === y[name]);
}

function sysctlChanges(desired: HostState, observed: HostState): Change[] {
  const out: Change[] = [];
  for (const [key, value] of desired.sysctls) {
    const old = observed.sysctls.get(key);
    // A device that is yet to be added takes its value from "default", which is set before it.
    if (old !== undefined && old !== value) out.push({ kind: "sysctl.set", key, value, old });
  }
  return out;
}

/** Devices that are to be made, having thrown away what has their name and another shape. */
function linkAdds(
  desired: HostState,
  observed: HostState,
  wanted: (name: string) => boolean,
): Change[] {
  const out: Change[] = [];
  for (const link of desired.links.values()) {
    if (!wanted(link.name)) continue;
    const old = observed.links.get(link.name);
    if (old !== undefined && sameShape(link, old)) {
      if (old.mtu !== link.mtu) {
        out.push({ kind: "link.mtu", name: link.name, mtu: link.mtu, old: old.mtu });
      }
      continue;
    }
    if (old !== undefined) out.push({ kind: "link.delete", name: link.name });
    out.push({ kind: "link.add", link });
  }
  return out;
}

function isKept(name: string, desired: HostState, observed: HostState): boolean {
  const [wanted, old] = [desired.links.get(name), observed.links.get(name)];
  return wanted !== undefined && old !== undefined && sameShape(wanted, old);
}

function linkUps(
  desired: HostState,
  observed: HostState,
  wanted: (name: string) => boolean,
): Change[] {
  return [...desired.links.values()]
    .filter((l) =>
      wanted(l.name) && l.up &&
      !(isKept(l.name, desired, observed) && observed.links.get(l.name)!.up)
    )
    .map((l) => ({ kind: "link.up", name: l.name }));
}

function addrAdds(
  desired: HostState,
  observed: HostState,
  wanted: (name: string) => boolean,
): Change[] {
  const out: Change[] = [];
  for (const [dev, addresses] of desired.addresses) {
    if (!wanted(dev)) continue;
    const have = isKept(dev, desired, observed) ? observed.addresses.get(dev) : undefined;
    for (const address of addresses) {
      if (!have?.has(address)) out.push({ kind: "addr.add", dev, address });
    }
  }
  return out;
}

function addrDeletes(desired: HostState, observed: HostState): Change[] {
  const out: Change[] = [];
  for (const [dev, have] of observed.addresses) {
    if (!isKept(dev, desired, observed)) continue;
    for (const address of have) {
      if (!desired.addresses.get(dev)?.has(address)) {
        out.push({ kind: "addr.delete", dev, address });
      }
    }
  }
  return out;
}

function isSameRoute(a: Route, b: Route | undefined): boolean {
  return b !== undefined && a.dev === b.dev && a.via === b.via;
}

function routeAdds(
  desired: HostState,
  observed: HostState,
  wanted: (dev: string) => boolean,
): Change[] {
  const out: Change[] = [];
  for (const [key, route] of desired.routes) {
    if (!wanted(route.dev)) continue;
    // A device that is made anew, or was down, has lost its routes.
    const stays = isKept(route.dev, desired, observed) && observed.links.get(route.dev)!.up;
    if (!stays || !isSameRoute(route, observed.routes.get(key))) {
      out.push({ kind: "route.replace", route });
    }
  }
  return out;
}

function routeDeletes(desired: HostState, observed: HostState): Change[] {
  const out: Change[] = [];
  for (const [key, route] of observed.routes) {
    const goesWithDevice = observed.links.has(route.dev) && !desired.links.has(route.dev);
    if (!desired.routes.has(key) && !goesWithDevice) out.push({ kind: "route.delete", route });
  }
  return out;
}

function ruleChanges(
  desired: HostState,
  observed: HostState,
): { adds: Change[]; deletes: Change[] } {
  const missing = [...desired.rules].filter(([key]) => !observed.rules.has(key));
  const extra = [...observed.rules].filter(([key]) => !desired.rules.has(key));
  return {
    adds: missing.map(([, rule]) => ({ kind: "rule.add", rule })),
    deletes: extra.map(([, rule]) => ({ kind: "rule.delete", rule })),
  };
}

function frrChanges(desired: HostState, observed: HostState, context: ReconcileContext): Change[] {
  if (desired.frr === undefined || observed.frr === undefined) return [];
  const { text } = desired.frr;
  const change = planFrrChange({ desired: text, ...context.frr, running: observed.frr.text });
  return change.lines.length === 0 ? [] : [{ kind: "frr.apply", ...change, text }];
}

function nftChanges(desired: HostState, observed: HostState, context: ReconcileContext): Change[] {
  const [text, listing] = [desired.nft?.text, observed.nft?.text];
  if (text === undefined) return listing === undefined ? [] : [{ kind: "nft.replace", text }];
  const { nftApplied } = context;
  const isThere = listing !== undefined && nftApplied?.text === text &&
    nftApplied.listing === listing;
  return isThere ? [] : [{ kind: "nft.replace", text }];
}

function linkDeletes(desired: HostState, observed: HostState): Change[] {
  const gone = [...observed.links.keys()].filter((name) => !desired.links.has(name));
  // Tunnels before the WireGuard device that carries them.
  const order = (name: string) => isTunnel(name) ? 0 : 1;
  return gone.toSorted((a, b) => order(a) - order(b) || (a < b ? -1 : 1)).map((name) => ({
    kind: "link.delete",
    name,
  }));
}

/**
 * The ordered changes that make `observed` into `desired`; empty when nothing is to be done. Things are added before
 * others are deleted. FRR knows a tunnel's device before it is told what to do with it (FRR 8.4 never advertises on one that
 * it hears of later), and is told before the tunnel comes up: otherwise it misses the peer's first router advertisement and
 * the session takes four times as long.
 */
export function reconcile(
  desired: HostState,
  observed: HostState,
  context: ReconcileContext,
): readonly Change[] {
  const isBase = (name: string) => !isTunnel(name);
  const wgObserved = isKept("meshover0", desired, observed) ? observed.wg : undefined;
  const sync = desired.wg === undefined
    ? undefined
    : planWgSync(desired.wg, wgObserved, context.nowS);
  const rules = ruleChanges(desired, observed);
  const ups = linkUps(desired, observed, isTunnel);
  const isNew = (c: Change): c is LinkUp =>
    c.kind === "link.up" && !isKept(c.name, desired, observed);
  const devices = desired.frr === undefined ? [] : ups.filter(isNew).map((c) => c.name);
  const settle: Change[] = devices.length === 0 ? [] : [{ kind: "settle", devices }];
  return [
    ...sysctlChanges(desired, observed),
    ...nftChanges(desired, observed, context),
    ...linkAdds(desired, observed, isBase),
    ...addrAdds(desired, observed, isBase),
    ...(sync === undefined ? [] : [sync]),
    ...linkUps(desired, observed, isBase),
    ...routeAdds(desired, observed, isBase),
    ...linkAdds(desired, observed, isTunnel),
    ...addrAdds(desired, observed, isTunnel),
    ...settle,
    ...frrChanges(desired, observed, context),
    ...ups,
    ...routeAdds(desired, observed, isTunnel),
    // A rule leads to its table only once the table has its route, and goes before the route does.
    ...rules.adds,
    ...rules.deletes,
    ...addrDeletes(desired, observed),
    ...routeDeletes(desired, observed),
    ...linkDeletes(desired, observed),
  ];
}

/**
 * The changes at the front of a plan that have nothing to do with tunnels, nor with FRR: they can be made while FRR is
 * still starting.
 */
export function groundwork(changes: readonly Change[]): readonly Change[] {
  const end = changes.findIndex((change) => !isGroundwork(change));
  return end === -1 ? changes : changes.slice(0, end);
}

function isGroundwork(change: Change): boolean {
  switch (change.kind) {
    case "sysctl.set":
    case "nft.replace":
    case "wg.sync":
      return true;
    case "link.add":
      return !isTunnel(change.link.name);
    case "link.up":
      return !isTunnel(change.name);
    case "addr.add":
      return !isTunnel(change.dev);
    case "route.replace":
      return !isTunnel(change.route.dev);
    default:
      return false;
  }
}
