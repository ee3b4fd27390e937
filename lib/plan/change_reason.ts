import type { Change } from "./change.ts";
import type { HostState } from "./host_state.ts";
import { routeKey, ruleKey } from "./host_state.ts";
import { peerOfTunnel } from "./names.ts";

/** What a reason is found from. */
export interface ReasonFacts {
  /** What this agent wanted of the host in its last turn; undefined in its first. */
  readonly before: HostState | undefined;
  /** What it wants now. */
  readonly now: HostState;
  /** Name of the peer with this number, whether it is in the mesh or has just left it. */
  readonly peerName: (number: number) => string | undefined;
}

/** How a change and what it is about stand to what was wanted before. */
type Case = "wanted before" | "new" | "gone" | "first turn";

/** Whether a state wants the thing that a change is about. */
function wants(state: HostState, change: Change): boolean {
  switch (change.kind) {
    case "sysctl.set":
      return state.sysctls.get(change.key) === change.value;
    case "link.add":
      return state.links.has(change.link.name);
    case "link.mtu":
      return state.links.get(change.name)?.mtu === change.mtu;
    case "link.up":
    case "link.bounce":
    case "link.delete":
      return state.links.has(change.name);
    case "addr.add":
    case "addr.delete":
      return state.addresses.get(change.dev)?.has(change.address) ?? false;
    case "route.replace":
    case "route.delete":
      return state.routes.has(routeKey(change.route));
    case "rule.add":
    case "rule.delete":
      return state.rules.has(ruleKey(change.rule));
    case "wg.sync":
      return [...change.added, ...change.changed].every((key) => state.wg?.peers.has(key));
    case "frr.apply":
      return state.frr?.text === change.text;
    case "nft.replace":
      return state.nft?.text === change.text;
    case "settle":
      return true;
    default:
      return change satisfies never;
  }
}

function caseOf(change: Change, { before, now }: ReasonFacts): Case {
  if (change.kind === "wg.sync" && change.removed.length > 0) return "gone";
  const wanted = wants(now, change);
  if (before === undefined) return "first turn";
  if (!wanted) return "gone";
  return wants(before, change) ? "wanted before" : "new";
}

/** The device that a change is about, where it is about one. */
function deviceOf(change: Change): string | undefined {
  switch (change.kind) {
    case "link.add":
      return change.link.name;
    case "link.mtu":
    case "link.up":
    case "link.bounce":
    case "link.delete":
      return change.name;
    case "addr.add":
    case "addr.delete":
      return change.dev;
    case "route.replace":
    case "route.delete":
      return change.route.dev;
    default:
      return undefined;
  }
}

function peerOf(change: Change, { peerName }: ReasonFacts): string | undefined {
  const device = deviceOf(change);
  const number = device === undefined ? undefined : peerOfTunnel(device);
  return number === undefined ? undefined : peerName(number) ?? `number ${number}`;
}

/** Whether all that a session sets or takes back is which prefixes are originated by name (see `frr_networks.ts`). */
function onlyNetworks(lines: readonly string[]): boolean {
  const inside = lines.filter((line) => !/^(router|address-family|exit)/.test(line));
  return inside.length > 0 && inside.every((line) => /^(no )?network /.test(line));
}

/** What is wanted and was not: for whom, or since which change. */
function newWords(change: Change, facts: ReasonFacts): string {
  const peer = peerOf(change, facts);
  if (peer !== undefined) return `for the peer ${peer}`;
  switch (change.kind) {
    case "frr.apply":
      if (onlyNetworks(change.lines)) return "somebody changed routes that FRR does not look at";
      return "the peers or what they tell of themselves changed";
    case "wg.sync":
    case "route.replace":
      return "the peers or what they tell of themselves changed";
    case "link.mtu":
      return "the MTU of the underlay changed";
    case "rule.add":
      return "a node gathers this range";
    case "nft.replace":
      return "the default route or what is filtered changed";
    default:
      return "wanted from now on";
  }
}

function goneWords(change: Change, facts: ReasonFacts): string {
  const peer = peerOf(change, facts);
  if (peer !== undefined) return `the peer ${peer} left`;
  return change.kind === "wg.sync" ? "peers left" : "not wanted any more";
}

function isAdding({ kind }: Change): boolean {
  return kind.endsWith(".add") || kind === "link.up" || kind === "route.replace";
}

/** Why a change is made, in a few words for the log. Pure: it is found from what was wanted before and what is wanted now. */
export function reasonOf(change: Change, facts: ReasonFacts): string {
  if (change.kind === "link.bounce") return "its session could not come up";
  switch (caseOf(change, facts)) {
    case "first turn": {
      const peer = peerOf(change, facts);
      const found = `${isAdding(change) ? "not there" : "otherwise"} when the agent started`;
      return peer === undefined ? found : `${found}, for the peer ${peer}`;
    }
    case "wanted before":
      return change.kind === "frr.apply"
        ? "FRR was restarted, or somebody changed it"
        : "somebody changed it, or it failed before";
    case "new":
      return newWords(change, facts);
    case "gone":
      return goneWords(change, facts);
  }
}
