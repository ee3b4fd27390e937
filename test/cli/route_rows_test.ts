import assert from "node:assert/strict";
import type { RoutesAnswer } from "../../lib/model/routes_api.ts";
import { parseHostName } from "../../lib/model/host_name.ts";
import { parsePrefix } from "../../lib/model/prefix.ts";
import type { MeshRoute } from "../../lib/plan/route_table.ts";
import { routeRows, routesHint } from "../../lib/cli/route_rows.ts";
import { table } from "../../lib/cli/table.ts";

function route(prefix: string, more: Partial<MeshRoute>): MeshRoute {
  const empty = { announcedBy: [], acceptedBy: 0, states: {}, refusedBy: [] };
  return { prefix: parsePrefix(prefix), ...empty, ...more };
}

const told: RoutesAnswer = {
  mode: "approve",
  decisions: [{
    prefix: parsePrefix("10.80.0.0/16"),
    node: parseHostName("n3"),
    verdict: "denied",
    at: "2026-01-01T00:00:00Z",
  }],
  waiting: [{ prefix: parsePrefix("10.70.1.0/24"), node: parseHostName("n1") }],
  waitingCount: 1,
};

Deno.test("routeRows() tells states, users and refusals, and decisions that nothing follows yet", () => {
  const refusal = (why: string, origin: string) => ({ node: "n4", origin, why });
  const rows = routeRows([
    route("10.70.1.0/24", {
      announcedBy: ["n1", "n2"],
      acceptedBy: 2,
      states: { n1: "waiting", n2: "approved" },
      refusedBy: [refusal("not approved", "n1")],
    }),
    route("10.128.0.1/32", {
      announcedBy: ["n3", "n1"],
      acceptedBy: 3,
      states: { n1: "own", n3: "never" },
      refusedBy: [refusal("the address of n1", "n3")],
    }),
    route("172.20.0.0/16", { acceptedBy: 1 }),
  ], told);
  assert.equal(
    table(rows),
    `PREFIX         STATE        ANNOUNCED BY  USED BY  REFUSED
10.70.1.0/24   approved     n2            2
10.70.1.0/24   waiting      n1
10.128.0.1/32  own          n1            3
10.128.0.1/32  not allowed  n3                     by 1: the address of n1, from n3
172.20.0.0/16               nobody        1
10.80.0.0/16   denied       not by n3     0`,
  );
});

Deno.test("routesHint() says what to do about routes that wait, where approval is needed", () => {
  assert.match(routesHint(told), /1 route waits for approval: meshover route approve PREFIX/);
  assert.equal(routesHint({ ...told, mode: "open" }), "");
  assert.equal(routesHint({ ...told, waitingCount: 0 }), "");
});
