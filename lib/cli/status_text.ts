import type { LocalStatus } from "../agent/local_status.ts";
import { NOT_APPROVED } from "../plan/why_refused.ts";
import { type Paint, plain } from "./paint.ts";
import { peerRows } from "./peer_rows.ts";
import { table } from "./table.ts";
import { seconds } from "./units.ts";

/** Refused routes shown at most. */
const MAX_REFUSED = 10;

function controllerLine(status: LocalStatus, nowMs: number): string {
  const { url, state, since, reason } = status.controller;
  const age = seconds((nowMs - Date.parse(since)) / 1000);
  return `controller  ${url} ${state} for ${age}${reason === null ? "" : `: ${reason}`}`;
}

function errorLine({ lastError }: LocalStatus, nowMs: number): string[] {
  if (lastError === null) return [];
  const age = seconds((nowMs - Date.parse(lastError.at)) / 1000);
  return [`last error  ${age} ago: ${lastError.message}`];
}

/** Routes that the node did not let in; those that only wait for approval are counted. */
function refusedLines({ routes, peers }: LocalStatus): string[] {
  const refused = routes?.refused ?? [];
  const waiting = refused.filter(({ why }) => why === NOT_APPROVED).length;
  const names = new Map(peers.map(({ number, name }) => [number, name]));
  const told = refused.filter(({ why }) => why !== NOT_APPROVED);
  const lines = told.slice(0, MAX_REFUSED).map(({ prefix, from, why }) => {
    const senders = from.map((number) => names.get(number) ?? `node ${number}`).join(", ");
    return `refused     ${prefix} from ${senders}: ${why}`;
  });
  const more = (routes?.refusedCount ?? refused.length) - waiting - lines.length;
  return [
    ...lines,
    ...(more > 0 ? [`refused     and ${more} more`] : []),
    ...(waiting === 0 ? [] : [`waiting     ${waiting} not approved yet: meshover route list`]),
  ];
}

/** A node's status as text for people. */
export function statusText(status: LocalStatus, nowMs: number, paint: Paint = plain): string {
  const { reconcile } = status;
  const parts = Object.entries(status.parts).map(([key, value]) => `${key} ${value}`).join(", ");
  return [
    `node        ${status.name} (number ${status.number}, AS ${status.asn}) ${
      status.addresses.join(" ")
    }`,
    `parts       ${parts}, meshover ${status.version}`,
    controllerLine(status, nowMs),
    `seen        ${
      seconds((nowMs - Date.parse(status.at)) / 1000)
    } ago; last reconcile ${reconcile.tookMs} ms, ` +
    `${reconcile.done} done, ${reconcile.failed.length} failed`,
    ...reconcile.failed.map((f) => `failed      ${f.change}: ${f.error}`),
    ...errorLine(status, nowMs),
    ...refusedLines(status).map((line) => paint(line, "warn")),
    "",
    table(peerRows(status), paint),
  ].join("\n");
}
