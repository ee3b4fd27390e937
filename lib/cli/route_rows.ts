import type { RoutesAnswer } from "../model/routes_api.ts";
import type { RouteState } from "../plan/route_state.ts";
import { idleDecisions, type MeshRoute, type RefusedBy } from "../plan/route_table.ts";
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

/** States that a node refuses for a reason that the state already says. */
const SAID: readonly RouteState[] = ["waiting", "denied"];

/** States of which a route comes into the mesh, those that come first in a table first. */
const LET_IN: readonly RouteState[] = ["own", "approved", "open"];

/** Why nodes did not let a prefix in. */
function refusedCell(told: readonly RefusedBy[]): Cell {
  if (told.length === 0) return "";
  const whys = [
    ...new Set(told.map(({ why, origin }) => origin === null ? why : `${why}, from ${origin}`)),
  ];
  return { text: `by ${told.length}: ${whys.join("; ")}`, tone: "bad" };
}

/** Rows of one prefix: one for each state that it has with those who announce it; first those that nodes use. */
function rowsOf({ prefix, announcedBy, acceptedBy, states, refusedBy }: MeshRoute): Cell[][] {
  const told = refusedBy.filter(({ origin }) => !SAID.includes(states[origin ?? ""] ?? "open"));
  if (announcedBy.length === 0) {
    const nobody = { text: "nobody", tone: "warn" } as const;
    return [[prefix, "", nobody, String(acceptedBy), refusedCell(told)]];
  }
  const byState = Map.groupBy(announcedBy.toSorted(), (name) => states[name] ?? "open");
  const inOrder = [...byState].sort(([a], [b]) => rank(a) - rank(b));
  return inOrder.map(([state, names], index) => {
    // What nobody here is to be blamed for stands in the first row.
    const theirs = told.filter(({ origin }) =>
      origin !== null && announcedBy.includes(origin) ? names.includes(origin) : index === 0
    );
    const used = index === 0 ? String(acceptedBy) : "";
    return [prefix, stateCell(state), names.join(", "), used, refusedCell(theirs)];
  });
}

function rank(state: RouteState): number {
  const index = LET_IN.indexOf(state);
  return index === -1 ? LET_IN.length : index;
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
