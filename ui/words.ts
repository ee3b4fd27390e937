import type { RouteDecisionRequest } from "../lib/model/routes_api.ts";
import type { FaultView, LinkFault, MeshEvent, NodeState } from "../lib/model/mesh_view.ts";

/** A node's state in a word. */
export const STATE_WORDS: Readonly<Record<NodeState, string>> = {
  silent: "silent",
  unheard: "not heard yet",
  trouble: "not well",
  well: "well",
};

/** What is wrong with a link, in words. */
export const FAULT_WORDS: Readonly<Record<LinkFault, string>> = {
  "no-handshake": "no handshake",
  "bgp-down": "BGP down",
  silent: "silent",
};

/** A count and its noun. */
export function count(n: number, noun: string, nouns: string = `${noun}s`): string {
  return `${n.toLocaleString("en")} ${n === 1 ? noun : nouns}`;
}

/** What was decided on a route, in words. */
export function decisionWords({ prefix, node, verdict }: RouteDecisionRequest): string {
  const whose = `${prefix} of ${node ?? "every node"}`;
  if (verdict === null) return `Nothing is decided on ${whose} any more`;
  return `${verdict === "approved" ? "Approved" : "Denied"} ${whose}`;
}

/** How long ago something was, in words. */
export function ago(time: string, nowMs: number): string {
  const s = Math.max(0, Math.round((nowMs - Date.parse(time)) / 1000));
  if (s < 5) return "just now";
  return `${span(s)} ago`;
}

/** A number of seconds in words. */
export function span(s: number): string {
  if (s < 100) return `${s} s`;
  if (s < 6000) return `${Math.round(s / 60)} min`;
  if (s < 172_800) return `${Math.round(s / 3600)} h`;
  return `${Math.round(s / 86_400)} days`;
}

/** The time of day, or the date when that was not today. */
export function clock(time: string, nowMs: number): string {
  const date = new Date(time);
  const sameDay = new Date(nowMs).toDateString() === date.toDateString();
  return sameDay ? date.toLocaleTimeString("en-GB") : date.toLocaleString("en-GB", {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
}

/** A number of bytes in words. */
export function bytes(n: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let value = n;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** Who says so, of a link that is not well. */
export function told(fault: FaultView, nameOf: (n: number) => string): string {
  const by = fault.by.length === 2
    ? "both ends say so"
    : `${nameOf(fault.by[0] ?? fault.a)} says so`;
  const word = { never: "there never was one", stale: "the last one is stale" }[fault.word] ??
    fault.word;
  return `${word}; ${by}`;
}

/** What happened, in words. */
export function eventWords(event: MeshEvent): string {
  switch (event.kind) {
    case "node-joined":
      return `${event.node} joined`;
    case "node-removed":
      return `${event.node} was removed`;
    case "node-silent":
      return `${event.node} fell silent`;
    case "node-back":
      return `${event.node} is heard again`;
    case "link-down":
      return `${event.node} – ${event.other}: ${faultOf(event.detail)}`;
    case "link-up":
      return `${event.node} – ${event.other} is well again`;
    case "change-failed":
      return `${event.node} cannot ${event.other}: ${event.detail}`;
    default:
      return event.kind satisfies never;
  }
}

function faultOf(detail: string): string {
  const [fault, word] = detail.split(": ") as [LinkFault, string | undefined];
  return `${FAULT_WORDS[fault] ?? fault}${word === undefined ? "" : ` (${word})`}`;
}
