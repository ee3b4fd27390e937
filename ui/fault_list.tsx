/// <reference lib="dom" />
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { MeshView } from "../lib/model/mesh_view.ts";
import { nodeHref } from "./route.ts";
import { StateMark } from "./state_mark.tsx";
import { useNow } from "./use_now.ts";
import { ago, FAULT_WORDS, span, told } from "./words.ts";

const FEW = 8;
const MANY = 200;

/** What is not well, the gravest first. */
export function FaultList({ view }: { view: MeshView }): JSX.Element {
  const [all, setAll] = useState(false);
  const now = useNow();
  const names = new Map(view.nodes.map((node) => [node.number, node.name]));
  const nameOf = (number: number) => names.get(number) ?? `node ${number}`;
  const nodes = view.nodes.filter((node) => node.state === "silent" || node.failed > 0);
  const total = nodes.length + view.faultCount;
  const limit = all ? MANY : FEW;
  const shownNodes = nodes.slice(0, limit);
  const faults = view.faults.slice(0, Math.max(0, limit - shownNodes.length));
  const more = total - shownNodes.length - faults.length;
  return (
    <section class="card" aria-labelledby="faults">
      <h2 id="faults">Not well</h2>
      {total === 0 && <p class="quiet">Nothing.</p>}
      <ul class="faults">
        {shownNodes.map((node) => (
          <li key={`n${node.number}`}>
            <StateMark state={node.state} />
            <div>
              <a href={nodeHref(node.name)}>{node.name}</a>{" "}
              {node.state === "silent" ? "is silent" : "cannot make a change"}
              <p>{node.since === null ? "" : `last heard ${ago(node.since, now)}`}</p>
            </div>
          </li>
        ))}
        {faults.map((fault) => (
          <li key={`${fault.a}-${fault.b}`}>
            <i class={`line ${fault.fault === "no-handshake" ? "bad" : "warn"}`} />
            <div>
              <a href={nodeHref(nameOf(fault.a))}>{nameOf(fault.a)}</a> –{" "}
              <a href={nodeHref(nameOf(fault.b))}>{nameOf(fault.b)}</a>: {FAULT_WORDS[fault.fault]}
              <p>
                {told(fault, nameOf)}, for{" "}
                {span(Math.max(0, Math.round((now - Date.parse(fault.since)) / 1000)))}
              </p>
            </div>
          </li>
        ))}
      </ul>
      {more > 0 && !all && (
        <button type="button" class="plain" onClick={() => setAll(true)}>
          {more.toLocaleString("en")} more
        </button>
      )}
      {more > 0 && all && <p class="quiet">and {more.toLocaleString("en")} more</p>}
    </section>
  );
}
