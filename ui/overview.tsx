/// <reference lib="dom" />
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { MeshView } from "../lib/model/mesh_view.ts";
import { EventList } from "./event_list.tsx";
import { FaultList } from "./fault_list.tsx";
import { groupNodes } from "./group_nodes.ts";
import { headline } from "./headline.ts";
import type { LiveState } from "./live.ts";
import { MeshPicture } from "./mesh_picture.tsx";
import { NodeTable } from "./node_table.tsx";
import { pictureOf } from "./picture_model.ts";
import { StateMark } from "./state_mark.tsx";

/** Whether the network is well, and if not, where. */
export function Overview(
  { state, group }: { state: LiveState; group: string | undefined },
): JSX.Element {
  const view = state.view!;
  const picture = useMemo(() => pictureOf(view, group), [view, group]);
  const { tone, title, detail } = headline(view);
  const members = useMemo(() => membersOf(view, group), [view, group]);
  return (
    <div class="overview">
      <section class={`verdict ${tone}`} aria-live="polite">
        <h1>
          {tone !== "empty" && <StateMark state={tone} />}
          {title}
        </h1>
        <p>{detail}</p>
      </section>
      {view.nodes.length === 0
        ? (
          <p>
            <a class="button main" href="#/tokens">Make a token</a>
          </p>
        )
        : (
          <>
            <section class="card map" aria-label="Picture">
              {group !== undefined && members !== undefined && (
                <p class="crumbs">
                  <a href="#/">All groups</a> › {group}
                </p>
              )}
              <MeshPicture picture={picture} />
              <Legend grouped={picture.grouped} />
            </section>
            <div class="side">
              <FaultList view={view} />
              <EventList events={state.events} limit={12} />
            </div>
            <NodeTable nodes={members ?? view.nodes} faults={view.faults} />
          </>
        )}
    </div>
  );
}

function membersOf(view: MeshView, group: string | undefined) {
  if (group === undefined) return undefined;
  return groupNodes(view.nodes).find((g) => g.name === group)?.nodes;
}

function Legend({ grouped }: { grouped: boolean }): JSX.Element {
  return (
    <ul class="legend" aria-label="Legend">
      <li>
        <i class="line bad" />no handshake
      </li>
      <li>
        <i class="line warn" />BGP down
      </li>
      <li>
        <i class="line silent" />silent
      </li>
      {grouped ? <li class="quiet">each circle is a group of nodes</li> : (
        <li>
          <i class="line web" />well
        </li>
      )}
    </ul>
  );
}
