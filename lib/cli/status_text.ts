import type { LocalStatus } from "../agent/local_status.ts";
import { table } from "./table.ts";
import { bytes, seconds } from "./units.ts";

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
export function statusText(status: LocalStatus, nowMs: number): string {
  const { reconcile } = status;
  const rows = status.peers.map((peer) => [
    peer.name,
    peer.tunnel,
    peer.endpoint ?? "-",
    peer.handshakeAgeS === null ? "never" : seconds(peer.handshakeAgeS),
    peer.bgp ?? "-",
    `${peer.prefixesReceived ?? "-"}/${peer.prefixesSent ?? "-"}`,
    bytes(peer.rxBytes),
    bytes(peer.txBytes),
  ]);
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
    table([
      ["PEER", "TUNNEL", "ENDPOINT", "HANDSHAKE", "BGP", "ROUTES IN/OUT", "RX", "TX"],
      ...rows,
    ]),
  ].join("\n");
}
