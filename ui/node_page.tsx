/// <reference lib="dom" />
import type { JSX } from "preact";
import type { NodeStatus } from "../lib/model/node_status.ts";
import type { NodeAnswer, NodeRow } from "../lib/model/nodes_api.ts";
import { EventList } from "./event_list.tsx";
import type { LiveState } from "./live.ts";
import { NodeRouteLists } from "./node_routes.tsx";
import { PeerTable } from "./peer_table.tsx";
import { StateWord } from "./state_mark.tsx";
import { useAnswer } from "./use_answer.ts";
import { useNow } from "./use_now.ts";
import { ago } from "./words.ts";

const EVERY_MS = 3_000;

/** Everything about one node. */
export function NodePage({ name, state }: { name: string; state: LiveState }): JSX.Element {
  const { answer, trouble } = useAnswer<NodeAnswer>(
    `/v1/nodes/${encodeURIComponent(name)}`,
    EVERY_MS,
  );
  const row = answer !== undefined && "peer" in answer ? answer : undefined;
  const now = useNow(1_000);
  const view = state.view?.nodes.find((node) => node.name === name);
  const events = state.events.filter((event) => event.node === name || event.other === name);
  return (
    <div class="node">
      <p class="crumbs">
        <a href="#/">Mesh</a> › {name}
      </p>
      <h1>
        {name} {view !== undefined && <StateWord state={view.state} />}
      </h1>
      {trouble !== "" && <p class="error-text" role="alert">{trouble}</p>}
      {row === undefined ? trouble === "" && <p class="quiet">{waitingWords(answer)}</p> : (
        <>
          <div class="two">
            <Facts row={row} now={now} />
            <Work row={row} now={now} />
          </div>
          {row.status !== null && <PeerTable status={row.status} />}
          {row.status?.routes !== undefined && (
            <NodeRouteLists
              routes={row.status.routes}
              nameOf={(n) => nameOf(row.status, n)}
            />
          )}
          <EventList events={events} limit={20} />
        </>
      )}
    </div>
  );
}

function waitingWords(answer: NodeAnswer | undefined): string {
  if (answer === undefined || !("reserved" in answer)) return "Asking the controller…";
  return `This name is reserved, with ${
    answer.reserved.addresses.join(" ")
  }; it has not enrolled yet.`;
}

function nameOf(status: NodeStatus | null, number: number): string {
  return status?.peers.find((peer) => peer.number === number)?.name ?? `node ${number}`;
}

function Facts({ row, now }: { row: NodeRow; now: number }): JSX.Element {
  const { peer, status } = row;
  const parts = Object.entries(status?.parts ?? {}).map(([key, value]) => `${key} ${value}`).join(
    ", ",
  );
  const endpoints = [
    ...peer.candidates,
    ...(peer.seenAddress === null ? [] : [`${peer.seenAddress} (seen)`]),
  ];
  return (
    <section class="card" aria-labelledby="facts">
      <h2 id="facts">What it is</h2>
      <dl>
        <dt>Addresses</dt>
        <dd class="mono">{peer.addresses.map((a) => <div key={a}>{a}</div>)}</dd>
        <dt>AS, number</dt>
        <dd>{peer.asn}, {peer.number}</dd>
        <dt>Tunnel address</dt>
        <dd class="mono">{[peer.tunnelAddress, peer.tunnelAddress6].filter(Boolean).join(" ")}</dd>
        <dt>Endpoints</dt>
        <dd class="mono">
          {endpoints.map((e) => <div key={e}>{e}</div>)}
          <div>port {peer.port}</div>
        </dd>
        <dt>Public key</dt>
        <dd class="mono">{peer.publicKey}</dd>
        {peer.gathers.length > 0 && (
          <>
            <dt>Gathers</dt>
            <dd class="mono">{peer.gathers.join(", ")}</dd>
          </>
        )}
        <dt>Runs</dt>
        <dd>meshover {status?.version ?? peer.version}{parts === "" ? "" : `, ${parts}`}</dd>
        <dt>Enrolled</dt>
        <dd>{ago(row.enrolledAt, now)}</dd>
      </dl>
    </section>
  );
}

function Work({ row, now }: { row: NodeRow; now: number }): JSX.Element {
  const { status } = row;
  const heard = row.lastSeen === null ? "not since the controller started" : ago(row.lastSeen, now);
  return (
    <section class="card" aria-labelledby="work">
      <h2 id="work">What it does</h2>
      <dl>
        <dt>Last heard</dt>
        <dd>{heard}</dd>
        {status !== null && (
          <>
            <dt>Last reconcile</dt>
            <dd>
              {status.reconcile.tookMs} ms, {status.reconcile.done} done,{" "}
              {status.reconcile.failed.length} failed
            </dd>
          </>
        )}
      </dl>
      <h3>Last errors</h3>
      {status === null
        ? <p class="quiet">It tells nothing at the moment.</p>
        : <Errors status={status} />}
    </section>
  );
}

function Errors({ status }: { status: NodeStatus }): JSX.Element {
  const { failed } = status.reconcile;
  const problems = status.problems ?? [];
  if (failed.length + problems.length === 0) return <p class="quiet">None.</p>;
  return (
    <ul class="errors">
      {failed.map(({ change, error }) => (
        <li key={change}>
          <b>{change}</b>: {error}
        </li>
      ))}
      {problems.map((problem) => <li key={problem}>{problem}</li>)}
    </ul>
  );
}
