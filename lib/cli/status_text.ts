import type { LocalStatus } from "../agent/local_status.ts";
import { type Paint, plain } from "./paint.ts";
import { peerRows } from "./peer_rows.ts";
import { table } from "./table.ts";
import { seconds } from "./units.ts";

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
    "",
    table(peerRows(status), paint),
  ].join("\n");
}
