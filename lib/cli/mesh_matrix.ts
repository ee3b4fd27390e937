import type { NodeRow } from "../model/nodes_api.ts";
import type { LinkFault } from "../model/mesh_view.ts";
import { judgePeer, runsBgp } from "../plan/judge_status.ts";
import type { Cell } from "./table.ts";

/** Nodes up to which the matrix fits a terminal. */
export const MAX_MATRIX = 32;

const FAULT_CELLS: Readonly<Record<LinkFault, Cell>> = {
  "no-handshake": { text: "H", tone: "bad" },
  "bgp-down": { text: "B", tone: "warn" },
  silent: { text: "?", tone: "bad" },
};

/** What the letters say. */
export const MATRIX_LEGEND =
  "a row says what the node sees of the others:  . well  B BGP down  H no handshake  ? it is silent";

/** The cells of one row of the matrix: what a node says of each of the others, in their order. */
export function matrixCells(row: NodeRow, nodes: readonly NodeRow[]): Cell[] {
  const { status } = row;
  const peers = new Map(status?.peers.map((peer) => [peer.number, peer]));
  return nodes.map(({ peer }): Cell => {
    if (peer.number === row.peer.number) return { text: "\\", tone: "dim" };
    if (status === null) return FAULT_CELLS.silent;
    const told = peers.get(peer.number);
    if (told === undefined) return "";
    const fault = judgePeer(told, { bgp: runsBgp(status) });
    return fault === undefined ? { text: ".", tone: "good" } : FAULT_CELLS[fault.fault];
  });
}
