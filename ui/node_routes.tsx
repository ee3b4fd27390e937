/// <reference lib="dom" />
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { NodeRoutes } from "../lib/model/node_routes.ts";
import { count } from "./words.ts";

const FEW = 20;

/** What a node announces to the overlay and what it takes from it. */
export function NodeRouteLists(
  { routes, nameOf }: { routes: NodeRoutes; nameOf: (number: number) => string },
): JSX.Element {
  const refused = routes.refused ?? [];
  return (
    <div class="two">
      <RouteList
        id="announced"
        title="Announced"
        total={routes.announcedCount}
        rows={routes.announced.map((prefix) => ({ prefix, via: "" }))}
      />
      <RouteList
        id="accepted"
        title="Accepted"
        total={routes.acceptedCount}
        rows={routes.accepted.map(({ prefix, via }) => ({
          prefix,
          via: `via ${via.map(nameOf).join(", ")}`,
        }))}
      />
      {refused.length > 0 && (
        <RouteList
          id="refused"
          title="Refused"
          total={routes.refusedCount ?? refused.length}
          rows={refused.map(({ prefix, from, why }) => ({
            prefix,
            via: `from ${from.map(nameOf).join(", ")}: ${why}`,
          }))}
        />
      )}
    </div>
  );
}

interface ListProps {
  readonly id: string;
  readonly title: string;
  readonly total: number;
  readonly rows: readonly { readonly prefix: string; readonly via: string }[];
}

function RouteList({ id, title, total, rows }: ListProps): JSX.Element {
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, FEW);
  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>
        {title} <small>{count(total, "route")}</small>
      </h2>
      <ul class="routes">
        {shown.map(({ prefix, via }) => (
          <li key={`${prefix} ${via}`}>
            <span class="mono">{prefix}</span> <span class="quiet">{via}</span>
          </li>
        ))}
      </ul>
      {rows.length > shown.length && (
        <button
          type="button"
          class="plain"
          onClick={() => setAll(true)}
        >
          {rows.length - shown.length} more
        </button>
      )}
      {all && total > rows.length && (
        <p class="quiet">and {total - rows.length} more that were not told</p>
      )}
    </section>
  );
}
