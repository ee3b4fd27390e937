import assert from "node:assert/strict";
import { nodeDetails, nodeTable, reservedDetails } from "../../lib/cli/node_table.ts";
import { parseAddress } from "../../lib/model/address.ts";
import type { NodeRow } from "../../lib/model/nodes_api.ts";
import { parseAsn } from "../../lib/model/asn.ts";
import { parseHostName } from "../../lib/model/host_name.ts";
import { parseInterfaceAddress, parsePrefix } from "../../lib/model/prefix.ts";
import { reportOf } from "../store/with_database.ts";

const AT = "2026-01-01T00:00:00.000Z";

const reserved = {
  number: 2,
  name: parseHostName("later"),
  asn: parseAsn("65002"),
  addresses: [parseInterfaceAddress("203.0.113.2/32")],
  tunnelAddress: parseAddress("198.51.100.2"),
  tunnelAddress6: parseAddress("fd00:5::2"),
};

const row: NodeRow = {
  peer: {
    ...reportOf(),
    number: 1,
    name: parseHostName("old"),
    asn: parseAsn("65001"),
    addresses: [
      parseInterfaceAddress("10.128.0.1/32"),
      parseInterfaceAddress("2001:db8:77:1::1/64"),
    ],
    tunnelAddress: parseAddress("10.192.0.1"),
    seenAddress: null,
    revision: 1,
  },
  enrolledAt: AT,
  lastSeen: null,
  status: null,
};

const pools = {
  nodePools: ["203.0.113.0/24", "2001:db8:77::/48"].map(parsePrefix),
  tunnelPools: ["198.51.100.0/24", "fd00:5::/64"].map(parsePrefix),
};

Deno.test("nodeTable() marks every address that new nodes would not get any more, and shows reserved names", () => {
  const rows = nodeTable({ nodes: [row], reserved: [reserved], pools, revision: 1 });
  assert.deepEqual(rows.slice(1).map((cells) => cells.slice(1, 5)), [
    ["old", "65001", "10.128.0.1/32* 2001:db8:77:1::1/64", "10.192.0.1*"],
    ["later", "65002", "203.0.113.2/32", "198.51.100.2 fd00:5::2"],
  ]);
  assert.equal(rows[2]!.at(-1), "reserved");
});

Deno.test("nodeDetails() says since when the secret is in use, and whether another was asked for", () => {
  const secret = (facts: Partial<NodeRow>) =>
    nodeDetails({ ...row, ...facts }).find(([name]) => name === "secret")?.[1];
  assert.equal(secret({}), undefined);
  assert.equal(secret({ secretSince: AT, secretAskedAt: null }), `in use since ${AT}`);
  assert.match(secret({ secretSince: AT, secretAskedAt: AT })!, /asked for a new one at 2026/);
});

Deno.test("reservedDetails() tells what a name will hold, and that nobody has it", () => {
  const details = Object.fromEntries(reservedDetails(reserved));
  assert.match(details.state!, /it has not enrolled yet/);
  assert.equal(details["tunnel address"], "198.51.100.2 fd00:5::2");
});
