import assert from "node:assert/strict";
import { parseInterfaceAddress, parsePrefix } from "../../lib/model/prefix.ts";
import { NO_SNAPSHOT } from "../../lib/plan/snapshot.ts";
import { explainRefusals } from "../../lib/plan/why_refused.ts";
import { peer } from "./fixture.ts";

Deno.test("explainRefusals() says why a route was not let in", () => {
  const at = (number: number) => ({ addresses: [parseInterfaceAddress(`10.128.0.${number}/32`)] });
  const peers = [1, 2, 3].map((number) => peer(number, at(number)));
  const why = explainRefusals({
    self: peers[0]!,
    snapshot: {
      ...NO_SNAPSHOT,
      peers,
      mesh: { tunnelPools: [parsePrefix("10.192.0.0/12")], nodePools: [] },
    },
    policy: {
      mode: "approve",
      decisions: [{ prefix: parsePrefix("10.66.0.0/16"), node: 3, verdict: "denied" }],
    },
    underlayPrefixes: [parsePrefix("192.0.2.0/24")],
  });
  const asn = peers[2]!.asn;
  const said = (prefix: string, origin: number | null = asn) =>
    why({ prefix: parsePrefix(prefix), origin });
  assert.equal(said("0.0.0.0/0"), "a default route");
  assert.equal(said("::/0"), "a default route");
  assert.equal(said("10.128.0.1/32"), "this node's own address");
  assert.equal(said("10.128.0.2/32"), "the address of node2");
  assert.equal(said("10.192.0.0/16"), "an address of tunnels");
  assert.equal(said("192.0.2.128/25"), "part of the underlay");
  assert.equal(said("127.0.0.0/8"), "no route that an overlay may carry");
  assert.equal(said("10.66.1.0/24"), "denied");
  assert.equal(said("10.70.0.0/16"), "not approved");
  assert.equal(said("10.70.0.0/16", 65_000), "not approved, and of no node");
  assert.equal(said("10.128.0.3/32"), "kept back by this node's configuration");
});
