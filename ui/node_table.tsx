/// <reference lib="dom" />
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import {
  type FaultView,
  NODE_STATES,
  type NodeState,
  type NodeView,
} from "../lib/model/mesh_view.ts";
import { nodeHref } from "./route.ts";
import { StateWord } from "./state_mark.tsx";
import { useNow } from "./use_now.ts";
import { ago, count, STATE_WORDS } from "./words.ts";

interface Column {
  readonly word: string;
  /** Narrow pages leave out the columns of a higher rank. */
  readonly rank: 1 | 2 | 3;
  readonly order: (node: NodeView) => number | string;
  readonly cell: (node: NodeView, now: number) => JSX.Element | string;
}

const COLUMNS: readonly Column[] = [
  {
    word: "State",
    rank: 1,
    order: (n) => NODE_STATES.indexOf(n.state),
    cell: (n) => <StateWord state={n.state} />,
  },
  {
    word: "Node",
    rank: 1,
    order: (n) => n.name,
    cell: (n) => <a href={nodeHref(n.name)}>{n.name}</a>,
  },
  { word: "Number", rank: 3, order: (n) => n.number, cell: (n) => String(n.number) },
  {
    word: "Addresses",
    rank: 2,
    order: (n) => n.addresses[0] ?? "",
    cell: (n) => <span class="mono">{n.addresses.join("  ")}</span>,
  },
  { word: "AS", rank: 3, order: (n) => n.asn, cell: (n) => String(n.asn) },
  {
    word: "BGP up",
    rank: 1,
    order: (n) => n.sessions === null ? -1 : n.sessions - n.peers,
    cell: (n) =>
      n.state === "silent" || n.state === "unheard"
        ? "–"
        : n.sessions === null
        ? "no BGP"
        : `${n.sessions} of ${n.peers}`,
  },
  {
    word: "Handshakes",
    rank: 2,
    order: (n) => n.handshakes - n.peers,
    cell: (n) =>
      n.state === "silent" || n.state === "unheard" ? "–" : `${n.handshakes} of ${n.peers}`,
  },
  {
    word: "Routes",
    rank: 2,
    order: (n) => n.accepted ?? -1,
    cell: (n) => n.accepted === null ? "–" : String(n.accepted),
  },
  { word: "Version", rank: 3, order: (n) => n.version, cell: (n) => n.version },
  {
    word: "Since",
    rank: 2,
    order: (n) => n.since ?? "",
    cell: (n, now) => n.since === null ? "–" : <time dateTime={n.since}>{ago(n.since, now)}</time>,
  },
];

const PER_PAGE = 50;

/** All nodes: sorted by a click on a heading, filtered by what is typed. */
export function NodeTable(
  { nodes }: { nodes: readonly NodeView[]; faults: readonly FaultView[] },
): JSX.Element {
  const [sort, setSort] = useState({ column: 0, down: false });
  const [filter, setFilter] = useState("");
  const [state, setState] = useState<NodeState | "">("");
  const [page, setPage] = useState(0);
  const now = useNow();
  const rows = useMemo(() => rowsOf(nodes, { sort, filter, state }), [nodes, sort, filter, state]);
  const pages = Math.max(1, Math.ceil(rows.length / PER_PAGE));
  const at = Math.min(page, pages - 1);
  return (
    <section class="card nodes" aria-labelledby="nodes">
      <div class="bar">
        <h2 id="nodes">Nodes</h2>
        <label class="hidden" for="filter">Filter nodes</label>
        <input
          id="filter"
          type="search"
          placeholder="Name, address or AS number"
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
        <label class="hidden" for="state">State</label>
        <select
          id="state"
          value={state}
          onChange={(event) => setState(event.currentTarget.value as NodeState | "")}
        >
          <option value="">any state</option>
          {NODE_STATES.map((s) => <option key={s} value={s}>{STATE_WORDS[s]}</option>)}
        </select>
        <span class="quiet" role="status">
          {rows.length === nodes.length
            ? count(nodes.length, "node")
            : `${rows.length} of ${count(nodes.length, "node")}`}
        </span>
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label="Table of nodes">
        <table>
          <thead>
            <tr>
              {COLUMNS.map(({ word, rank }, index) => (
                <th
                  key={word}
                  scope="col"
                  class={`rank${rank}`}
                  aria-sort={sort.column !== index
                    ? undefined
                    : sort.down
                    ? "descending"
                    : "ascending"}
                >
                  <button
                    type="button"
                    onClick={() =>
                      setSort({ column: index, down: sort.column === index && !sort.down })}
                  >
                    {word}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(at * PER_PAGE, (at + 1) * PER_PAGE).map((node) => (
              <tr key={node.number} class={node.state}>
                {COLUMNS.map(({ word, rank, cell }) => (
                  <td key={word} class={`rank${rank}`}>{cell(node, now)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && (
        <nav class="pages" aria-label="Pages of the table">
          <button type="button" class="plain" disabled={at === 0} onClick={() => setPage(at - 1)}>
            Earlier
          </button>
          <span>page {at + 1} of {pages}</span>
          <button
            type="button"
            class="plain"
            disabled={at >= pages - 1}
            onClick={() => setPage(at + 1)}
          >
            Later
          </button>
        </nav>
      )}
    </section>
  );
}

interface Wish {
  readonly sort: { readonly column: number; readonly down: boolean };
  readonly filter: string;
  readonly state: NodeState | "";
}

function rowsOf(nodes: readonly NodeView[], { sort, filter, state }: Wish): NodeView[] {
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const { order } = COLUMNS[sort.column]!;
  const compare = (a: NodeView, b: NodeView) => {
    const [x, y] = [order(a), order(b)];
    const first = typeof x === "number" && typeof y === "number"
      ? x - y
      : String(x).localeCompare(String(y), "en", { numeric: true });
    return (sort.down ? -first : first) || a.name.localeCompare(b.name, "en", { numeric: true });
  };
  return nodes.filter((node) => {
    if (state !== "" && node.state !== state) return false;
    const text = words.length === 0
      ? ""
      : `${node.name} ${node.addresses.join(" ")} ${node.asn} ${node.number}`;
    return words.every((word) => text.includes(word));
  }).sort(compare);
}
