import assert from "node:assert/strict";
import { parseInterfaceAddress, parsePrefix } from "../../lib/model/prefix.ts";
import { RouteJudge } from "../../lib/plan/route_state.ts";

const judge = (mode: "open" | "approve") =>
  new RouteJudge({
    policy: {
      mode,
      decisions: [
        { prefix: parsePrefix("10.70.0.0/16"), node: 2, verdict: "approved" },
        { prefix: parsePrefix("10.66.0.0/16"), node: null, verdict: "denied" },
      ],
    },
    mesh: {
      tunnelPools: [parsePrefix("10.192.0.0/12")],
      nodePools: [parsePrefix("10.128.0.0/12")],
    },
    owners: [2, 3].map((number) => ({
      number,
      addresses: [parseInterfaceAddress(`10.128.0.${number}/32`)],
    })),
  });

Deno.test("RouteJudge tells the state of a route", () => {
  const states = (mode: "open" | "approve") =>
    [
      "10.128.0.2/32",
      "10.128.0.3/32",
      "0.0.0.0/0",
      "169.254.0.0/16",
      "10.200.0.0/16",
      "10.70.5.0/24",
      "10.66.1.0/24",
      "172.16.0.0/16",
    ].map((prefix) => judge(mode).stateOf(parsePrefix(prefix), 2));
  const fixed = ["own", "never", "never", "never", "never", "approved", "denied"];
  assert.deepEqual(states("open"), [...fixed, "open"]);
  assert.deepEqual(states("approve"), [...fixed, "waiting"]);
});
