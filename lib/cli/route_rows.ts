import type { RoutesAnswer } from "../model/api.ts";
import type { RouteState } from "../plan/route_state.ts";
import { idleDecisions, type MeshRoute } from "../plan/route_table.ts";
import type { Tone } from "./paint.ts";
import type { Cell } from "./table.ts";

/** States in words, and the colours of those that somebody should look at. */
const STATES: Readonly<Record<RouteState, { readonly word: string; readonly tone?: Tone }>> = {
  own: { word: "own" },
  approved: { word: "approved", tone: "good" },
  open: { word: "open" },
  waiting: { word: "waiting", tone: "warn" },
  denied: { word: "denied", tone: "bad" },
  never: { word: "not allowed", tone: "bad" },
};

function stateCell(state: RouteState): Cell {
  const { word, tone } = STATES[state];
  return tone === undefined ? word : { text: word, tone };
}

/** Why nodes did not let a prefix in; what is only waiting says so by its state. */
function refusedCell({ refusedBy, states }: MeshRoute): Cell {
  const told = refusedBy.filter(({ origin }) =>
    !["waiting", "denied"].includes(states[origin ?? ""] ?? "")
  );
  if (told.length === 0) return "";
  const whys = [
    ...new Set(told.map(({ why, origin }) => origin === null ? why : `${why}, from ${origin}`)),
  ];
  return { text: `by ${told.length}: ${whys.join("; ")}`, tone: "bad" };
}

/** Rows of one prefix: one for each state that it has with those who announce it. */
function rowsOf(route: MeshRoute): Cell[][] {
  const { prefix, announcedBy, acceptedBy, states } = route;
  const rest = [String(acceptedBy), refusedCell(route)];
  if (announcedBy.length === 0) return [[prefix, "", { text: "nobody", tone: "warn" }, ...rest]];
  const byState = Map.groupBy(announcedBy, (name) => states[name] ?? "open");
  return [...byState].map(([state, names], index) => [
    prefix,
    stateCell(state),
    names.join(", "),
    ...(index === 0 ? rest : ["", ""]),
  ]);
}

/** The routes of the mesh as a table, then what was decided on prefixes that nobody announces. */
export function routeRows(routes: readonly MeshRoute[], told: RoutesAnswer): readonly Cell[][] {
  const idle = idleDecisions(routes, told).map(({ prefix, verdict, node }): Cell[] => [
    prefix,
    stateCell(verdict),
    { text: node === null ? "nobody" : `not by ${node}`, tone: "dim" },
    "0",
  ]);
  const heading = ["PREFIX", "STATE", "ANNOUNCED BY", "USED BY", "REFUSED"];
  return [heading, ...routes.flatMap(rowsOf), ...idle];
}

/** What there is to do, for an operator who approves routes. */
export function routesHint({ mode, waitingCount }: RoutesAnswer): string {
  if (mode === "open" || waitingCount === 0) return "";
  const routes = waitingCount === 1 ? "1 route waits" : `${waitingCount} routes wait`;
  return `\n\n${routes} for approval: meshover route approve PREFIX [--node NAME]`;
}
