import type { NodeStatus } from "../model/node_status.ts";
import type { NodeRow } from "../model/nodes_api.ts";
import type { Paint } from "./paint.ts";
import { peerRows } from "./peer_rows.ts";
import { table } from "./table.ts";

/** Routes of a kind, listed at most. */
const MAX_ROUTES = 50;

/** What `meshover node show` tells below the facts: peers, routes, errors. */
export function nodeSections(row: NodeRow, paint: Paint): string[] {
  const { status } = row;
  if (status === null) return [paint("it tells nothing at the moment", "bad")];
  const { failed } = status.reconcile;
  const errors = [
    ...failed.map(({ change, error }) => `${change}: ${error}`),
    ...status.problems ?? [],
  ];
  return [
    table(peerRows(status), paint),
    ...routeSections(status),
    ...(errors.length === 0
      ? []
      : [["errors", ...errors.map((e) => paint(e, "bad"))].join("\n  ")]),
  ];
}

function routeSections(status: NodeStatus): string[] {
  const { routes } = status;
  if (routes === undefined) return [];
  const names = new Map(status.peers.map((peer) => [peer.number, peer.name]));
  const accepted = routes.accepted.slice(0, MAX_ROUTES).map(({ prefix, via }) => [
    "",
    prefix,
    `via ${via.map((number) => names.get(number) ?? `node ${number}`).join(", ")}`,
  ]);
  const refused = (routes.refused ?? []).slice(0, MAX_ROUTES).map(({ prefix, from, why }) => [
    "",
    prefix,
    `from ${from.map((number) => names.get(number) ?? `node ${number}`).join(", ")}: ${why}`,
  ]);
  const announced = routes.announced.slice(0, MAX_ROUTES).map((prefix) => ["", prefix]);
  return [
    section("announces", { rows: announced, total: routes.announcedCount }),
    section("accepts", { rows: accepted, total: routes.acceptedCount }),
    ...(refused.length === 0
      ? []
      : [section("refuses", { rows: refused, total: routes.refusedCount ?? refused.length })]),
  ];
}

function section(
  title: string,
  options: { readonly rows: readonly (readonly string[])[]; readonly total: number },
): string {
  const { rows, total } = options;
  const more = total - rows.length;
  return table([
    [`${title} ${total} ${total === 1 ? "route" : "routes"}`, "", ""],
  ]) + (rows.length === 0 ? "" : `\n${table(rows)}`) + (more > 0 ? `\n  and ${more} more` : "");
}
