/// <reference lib="dom" />
import type { JSX } from "preact";
import type { MeshEvent } from "../lib/model/mesh_view.ts";
import { useNow } from "./use_now.ts";
import { clock, eventWords } from "./words.ts";

/** What changed lately, newest first. */
export function EventList(
  { events, limit }: { events: readonly MeshEvent[]; limit: number },
): JSX.Element {
  const now = useNow(30_000);
  const rows = gathered(events).slice(0, limit);
  return (
    <section class="card" aria-labelledby="lately">
      <h2 id="lately">Lately</h2>
      {rows.length === 0 && <p class="quiet">Nothing has changed since the controller started.</p>}
      <ol class="events">
        {rows.map(({ event, words }) => (
          <li key={event.id}>
            <time dateTime={event.at}>{clock(event.at, now)}</time>
            <span>{words}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Close together, milliseconds. */
const TOGETHER_MS = 5_000;

/** Several of a kind as one. */
const WORDS: Partial<Record<MeshEvent["kind"], (n: number, node: string) => string>> = {
  "link-down": (n, node) => `${node}: ${n} links went down`,
  "link-up": (n, node) => `${node}: ${n} links are well again`,
  "node-joined": (n) => `${n} nodes joined`,
  "node-removed": (n) => `${n} nodes were removed`,
  "node-silent": (n) => `${n} nodes fell silent`,
  "node-back": (n) => `${n} nodes are heard again`,
};

/** Nodes, or links of one node, that changed in the same way at the same time: one row. */
function gathered(events: readonly MeshEvent[]): { event: MeshEvent; words: string }[] {
  const rows: { event: MeshEvent; words: string; others: number }[] = [];
  for (const event of events) {
    const last = rows.at(-1);
    const ofNode = event.kind === "link-down" || event.kind === "link-up" ? event.node : "";
    const same = last !== undefined && WORDS[event.kind] !== undefined &&
      last.event.kind === event.kind && (ofNode === "" || last.event.node === ofNode) &&
      Date.parse(last.event.at) - Date.parse(event.at) < TOGETHER_MS;
    if (!same) rows.push({ event, words: eventWords(event), others: 0 });
    else {
      last.others++;
      last.words = WORDS[event.kind]!(last.others + 1, event.node);
    }
  }
  return rows;
}
