/// <reference lib="dom" />
import type { JSX } from "preact";
import type { AuditAnswer, AuditRow } from "../lib/model/audit_api.ts";
import type { MeshEvent } from "../lib/model/mesh_view.ts";
import { EventList } from "./event_list.tsx";
import { useAnswer } from "./use_answer.ts";
import { useNow } from "./use_now.ts";
import { clock } from "./words.ts";

/** What changed lately, and who did what. */
export function LogPage({ events }: { events: readonly MeshEvent[] }): JSX.Element {
  const { answer, trouble } = useAnswer<AuditAnswer>("/v1/audit?limit=200", 5_000);
  return (
    <div class="log">
      <h1>Log</h1>
      <div class="two wide">
        <EventList events={events} limit={200} />
        <section class="card" aria-labelledby="audit">
          <h2 id="audit">Who did what</h2>
          {trouble !== "" && <p class="error-text" role="alert">{trouble}</p>}
          {answer !== undefined && <AuditTable rows={answer.entries} />}
        </section>
      </div>
    </div>
  );
}

function AuditTable({ rows }: { rows: readonly AuditRow[] }): JSX.Element {
  const now = useNow(30_000);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Table of who did what">
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col" class="rank2">From</th>
            <th scope="col" class="rank2">Detail</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>
                <time dateTime={row.at}>{clock(row.at, now)}</time>
              </td>
              <td>{row.actor}</td>
              <td>{row.action} {row.subject}</td>
              <td class="rank2 mono">{row.source}</td>
              <td class="rank2">{row.detail}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
