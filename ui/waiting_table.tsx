/// <reference lib="dom" />
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { RouteDecisionRequest, RoutesAnswer, WaitingRoute } from "../lib/model/routes_api.ts";
import { nodeHref } from "./route.ts";

const FEW = 50;

/** What a table of routes is given. */
export interface WaitingProps {
  readonly answer: RoutesAnswer;
  readonly onDecide: (request: RouteDecisionRequest) => Promise<void>;
}

/** Routes that nobody has decided on, with buttons for both answers. */
export function WaitingTable({ answer, onDecide }: WaitingProps): JSX.Element {
  const [all, setAll] = useState(false);
  const { waiting, waitingCount } = answer;
  if (waiting.length === 0) return <p class="quiet">None.</p>;
  const shown = all ? waiting : waiting.slice(0, FEW);
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-label="Table of routes that wait">
        <table>
          <thead>
            <tr>
              <th scope="col">Prefix</th>
              <th scope="col">Announced by</th>
              <th scope="col">
                <span class="hidden">Decide</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((route) => (
              <Row key={`${route.prefix} ${route.node}`} route={route} onDecide={onDecide} />
            ))}
          </tbody>
        </table>
      </div>
      {waiting.length > shown.length && (
        <button
          type="button"
          class="plain"
          onClick={() => setAll(true)}
        >
          {waiting.length - shown.length} more
        </button>
      )}
      {all && waitingCount > waiting.length && (
        <p class="quiet">and {waitingCount - waiting.length} more, when these are decided</p>
      )}
    </>
  );
}

function Row(
  { route, onDecide }: { route: WaitingRoute; onDecide: WaitingProps["onDecide"] },
): JSX.Element {
  const [busy, setBusy] = useState(false);
  const { prefix, node } = route;
  const say = async (verdict: "approved" | "denied") => {
    setBusy(true);
    await onDecide({ prefix, node, verdict });
    setBusy(false);
  };
  return (
    <tr>
      <th scope="row" class="mono">{prefix}</th>
      <td>
        <a href={nodeHref(node)}>{node}</a>
      </td>
      <td>
        <div class="bar">
          <button
            type="button"
            class="plain"
            disabled={busy}
            onClick={() => say("approved")}
            aria-label={`Approve ${prefix} of ${node}`}
          >
            Approve
          </button>
          <button
            type="button"
            class="plain"
            disabled={busy}
            onClick={() => say("denied")}
            aria-label={`Deny ${prefix} of ${node}`}
          >
            Deny
          </button>
        </div>
      </td>
    </tr>
  );
}
