/// <reference lib="dom" />
import type { JSX } from "preact";
import type { NodeState } from "../lib/model/mesh_view.ts";
import { STATE_WORDS } from "./words.ts";

/** A node's state as a shape and a colour, so that it can be told without the colour. */
export function StateMark({ state }: { state: NodeState }): JSX.Element {
  return (
    <svg class={`mark ${state}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      {state === "trouble"
        ? <path d="M6 .8 11.6 11H.4Z" />
        : state === "well"
        ? <circle cx="6" cy="6" r="4.6" />
        : <circle cx="6" cy="6" r="3.9" fill="none" stroke-width="1.8" />}
    </svg>
  );
}

/** The mark with its word. */
export function StateWord({ state }: { state: NodeState }): JSX.Element {
  return (
    <span class={`state ${state}`}>
      <StateMark state={state} />
      {STATE_WORDS[state]}
    </span>
  );
}
