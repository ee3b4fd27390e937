/// <reference lib="dom" />
import type { JSX } from "preact";
import type { NodeStatus, PeerStatus } from "../lib/model/node_status.ts";
import { judgePeer, runsBgp } from "../lib/plan/judge_status.ts";
import { nodeHref } from "./route.ts";
import { StateMark } from "./state_mark.tsx";
import { bytes, FAULT_WORDS, span } from "./words.ts";

const SHOWN = 500;

/** A node's links to its peers, those that are not well first. */
export function PeerTable({ status }: { status: NodeStatus }): JSX.Element {
  const bgp = runsBgp(status);
  const rows = status.peers.map((peer) => ({ peer, fault: judgePeer(peer, { bgp }) }))
    .sort((a, b) =>
      Number(a.fault === undefined) - Number(b.fault === undefined) ||
      a.peer.name.localeCompare(b.peer.name, "en", { numeric: true })
    );
  return (
    <section class="card" aria-labelledby="peers">
      <h2 id="peers">Peers</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Table of peers">
        <table>
          <thead>
            <tr>
              {[
                "Peer",
                "Link",
                "BGP",
                "Handshake",
                "Routes in / out",
                "Received",
                "Sent",
                "Endpoint",
                "Tunnel",
              ]
                .map((word, i) => (
                  <th key={word} scope="col" class={`rank${i < 4 ? 1 : 2}`}>{word}</th>
                ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN).map(({ peer, fault }) => (
              <tr key={peer.number}>
                <th scope="row">
                  <a href={nodeHref(peer.name)}>{peer.name}</a>
                </th>
                <td>
                  <span class={`state ${fault === undefined ? "well" : "trouble"}`}>
                    <StateMark state={fault === undefined ? "well" : "trouble"} />
                    {fault === undefined ? "well" : FAULT_WORDS[fault.fault]}
                  </span>
                </td>
                <Cells peer={peer} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > SHOWN && <p class="quiet">and {rows.length - SHOWN} more that are well</p>}
    </section>
  );
}

function Cells({ peer }: { peer: PeerStatus }): JSX.Element {
  return (
    <>
      <td>{peer.bgp ?? "–"}</td>
      <td>{peer.handshakeAgeS === null ? "never" : `${span(peer.handshakeAgeS)} ago`}</td>
      <td class="rank2">{peer.prefixesReceived ?? "–"} / {peer.prefixesSent ?? "–"}</td>
      <td class="rank2">{bytes(peer.rxBytes)}</td>
      <td class="rank2">{bytes(peer.txBytes)}</td>
      <td class="rank2 mono">{peer.endpoint ?? "–"}</td>
      <td class="rank2 mono">{peer.tunnel}</td>
    </>
  );
}
