/// <reference lib="dom" />
import type { JSX } from "preact";
import type { RouteDecisionRequest, RouteDecisionRow } from "../lib/model/routes_api.ts";
import { nodeHref } from "./route.ts";
import { useNow } from "./use_now.ts";
import { ago } from "./words.ts";

/** What was decided, with a button to take it back. */
export function DecisionTable(
  { decisions, onDecide }: {
    decisions: readonly RouteDecisionRow[];
    onDecide: (request: RouteDecisionRequest) => Promise<void>;
  },
): JSX.Element {
  const now = useNow(30_000);
  if (decisions.length === 0) return <p class="quiet">Nothing yet.</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Table of decisions">
      <table>
        <thead>
          <tr>
            <th scope="col">Prefix</th>
            <th scope="col">Of</th>
            <th scope="col">Verdict</th>
            <th scope="col" class="rank2">When</th>
            <th scope="col">
              <span class="hidden">Take back</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {decisions.map(({ prefix, node, verdict, at }) => (
            <tr key={`${prefix} ${node ?? ""}`}>
              <th scope="row" class="mono">{prefix}</th>
              <td>{node === null ? "every node" : <a href={nodeHref(node)}>{node}</a>}</td>
              <td>{verdict}</td>
              <td class="rank2">{ago(at, now)}</td>
              <td>
                <button
                  type="button"
                  class="plain"
                  onClick={() => onDecide({ prefix, node, verdict: null })}
                  aria-label={`Take back what was decided on ${prefix} of ${node ?? "every node"}`}
                >
                  Take back
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
