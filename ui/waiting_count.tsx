/// <reference lib="dom" />
import type { JSX } from "preact";
import type { RoutesAnswer } from "../lib/model/routes_api.ts";
import { useAnswer } from "./use_answer.ts";

const EVERY_MS = 10_000;

/** How many routes wait for approval, beside the name of their page; nothing when none does. */
export function WaitingCount(): JSX.Element | null {
  const { answer } = useAnswer<RoutesAnswer>("/v1/routes", EVERY_MS);
  const waiting = answer?.waitingCount ?? 0;
  if (waiting === 0) return null;
  return (
    <span class="badge">
      {waiting}
      <span class="hidden">{waiting === 1 ? " route waits" : " routes wait"}</span>
    </span>
  );
}
