/// <reference lib="dom" />
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { RouteDecisionRequest, RoutesAnswer } from "../lib/model/routes_api.ts";
import { call, wordsOf } from "./call.ts";
import { DecisionTable } from "./decision_table.tsx";
import { useAnswer } from "./use_answer.ts";
import { WaitingTable } from "./waiting_table.tsx";
import { count, decisionWords } from "./words.ts";

const MODES: Readonly<Record<RoutesAnswer["mode"], string>> = {
  open: "Nodes take every route that is not denied. With --route-policy approve the controller " +
    "lets nothing in but what was approved.",
  approve: "Nodes take each other's own addresses and the routes that were approved, nothing else.",
};

/** Which routes come into the mesh: what waits for a decision, and what was decided. */
export function RoutesPage(): JSX.Element {
  const { answer, trouble, again } = useAnswer<RoutesAnswer>("/v1/routes", 3_000);
  const [said, setSaid] = useState({ done: "", wrong: "" });
  const heading = useRef<HTMLHeadingElement>(null);
  const decide = async (request: RouteDecisionRequest) => {
    try {
      await call("POST", { path: "/v1/routes", body: request });
      setSaid({ done: `${decisionWords(request)}.`, wrong: "" });
      // The button that was pressed goes with its row: the next one is near the heading.
      heading.current?.focus();
    } catch (error) {
      setSaid({ done: "", wrong: wordsOf(error) });
    }
    again();
  };
  return (
    <div class="routes-page">
      <h1>Routes</h1>
      {answer !== undefined && <p class="quiet">{MODES[answer.mode]}</p>}
      <p role="status">{said.done}</p>
      <p class="error-text" role="alert">{said.wrong || trouble}</p>
      {answer !== undefined && (
        <>
          <section class="card" aria-labelledby="waiting">
            <h2 id="waiting" tabIndex={-1} ref={heading as never}>
              Waiting for approval <small>{count(answer.waitingCount, "route")}</small>
            </h2>
            <WaitingTable answer={answer} onDecide={decide} />
          </section>
          <section class="card" aria-labelledby="decided">
            <h2 id="decided">
              Decided <small>{count(answer.decisions.length, "prefix", "prefixes")}</small>
            </h2>
            <DecisionTable decisions={answer.decisions} onDecide={decide} />
          </section>
        </>
      )}
    </div>
  );
}
