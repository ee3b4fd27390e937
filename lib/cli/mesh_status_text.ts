import type { NodeRow, NodesAnswer } from "../model/nodes_api.ts";
import type { FaultView, MeshView } from "../model/mesh_view.ts";
import { judgeStatus } from "../plan/judge_status.ts";
import { meshView, type NodeFacts } from "../plan/mesh_view.ts";
import { MATRIX_LEGEND, matrixCells, MAX_MATRIX } from "./mesh_matrix.ts";
import { type Paint, plain } from "./paint.ts";
import { type Cell, table } from "./table.ts";
import { seconds } from "./units.ts";

/** Links that are not well, listed at most. */
const MAX_LINKS = 50;

const WORDS: Readonly<Record<FaultView["fault"], string>> = {
  "no-handshake": "no handshake",
  "bgp-down": "BGP down",
  silent: "silent",
};

/** The mesh as a matrix: who sees whom, and in words what is not well. Large ones without the matrix. */
export function meshStatusText(answer: NodesAnswer, nowMs: number, paint: Paint = plain): string {
  if (answer.nodes.length === 0) return noNodes(answer.reserved.length);
  const view = meshView(answer.nodes.map(factsOf), { revision: answer.revision, pairs: null });
  const withMatrix = answer.nodes.length <= MAX_MATRIX;
  const parts = [verdict(view, paint), nodeRows(answer.nodes, { view, nowMs, withMatrix, paint })];
  if (withMatrix && answer.nodes.length > 1) parts.push(paint(MATRIX_LEGEND, "dim"));
  if (view.faults.length > 0) parts.push(faultLines(view, paint));
  return parts.join("\n\n");
}

function factsOf({ peer, status, lastSeen }: NodeRow): NodeFacts {
  const judgement = status && judgeStatus(status);
  return {
    self: peer,
    version: status?.version ?? peer.version,
    status,
    judgement,
    faults: judgement?.faults.map((fault) => ({ ...fault, since: "" })) ?? [],
    accepted: null,
    since: lastSeen,
    heard: lastSeen !== null,
  };
}

function noNodes(reserved: number): string {
  if (reserved === 0) return "no nodes yet";
  return `no nodes yet, ${reserved} reserved ${
    reserved === 1 ? "name" : "names"
  } (meshover node list)`;
}

function verdict(view: MeshView, paint: Paint): string {
  const { nodes, faultCount } = view;
  const silent = nodes.filter((n) => n.state === "silent" || n.state === "unheard").length;
  const failing = nodes.filter((n) => n.failed > 0).length;
  const wrong = [
    silent === 0 ? "" : `${silent} silent`,
    faultCount === 0 ? "" : `${faultCount} ${faultCount === 1 ? "link" : "links"} not well`,
    failing === 0 ? "" : `${failing} cannot make a change`,
  ].filter((part) => part !== "");
  const count = `${nodes.length} ${nodes.length === 1 ? "node" : "nodes"}`;
  return wrong.length === 0
    ? `${count}, ${paint("all well", "good")}`
    : `${count}, ${paint(wrong.join(", "), silent > 0 ? "bad" : "warn")}`;
}

interface RowsOptions {
  readonly view: MeshView;
  readonly nowMs: number;
  readonly withMatrix: boolean;
  readonly paint: Paint;
}

function nodeRows(nodes: readonly NodeRow[], options: RowsOptions): string {
  const { view, nowMs, withMatrix, paint } = options;
  const numbers = withMatrix ? nodes.map(({ peer }) => String(peer.number)) : [];
  const heading = ["NO", "NODE", ...numbers, "BGP UP", "SEEN", "ADDRESSES"];
  const rows = nodes.map((row, i): Cell[] => {
    const { peers, sessions } = view.nodes[i]!;
    const up = sessions === null ? "-" : `${sessions}/${peers}`;
    const all = sessions === null || sessions === peers;
    return [
      String(row.peer.number),
      row.peer.name,
      ...(withMatrix ? matrixCells(row, nodes) : []),
      row.status === null ? { text: "silent", tone: "bad" } : all ? up : { text: up, tone: "warn" },
      row.lastSeen === null ? "never" : `${seconds((nowMs - Date.parse(row.lastSeen)) / 1000)} ago`,
      row.peer.addresses.join(" "),
    ];
  });
  return table([heading, ...rows], paint);
}

function faultLines(view: MeshView, paint: Paint): string {
  const names = new Map(view.nodes.map((node) => [node.number, node.name]));
  const lines = view.faults.slice(0, MAX_LINKS).map(({ a, b, fault, by, word }) => {
    const who = by.length === 2 ? "both say so" : `${names.get(by[0]!)} says so`;
    const what = paint(WORDS[fault], fault === "bgp-down" ? "warn" : "bad");
    return `${names.get(a)} - ${names.get(b)}: ${what} (${word}; ${who})`;
  });
  const more = view.faultCount - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
}
