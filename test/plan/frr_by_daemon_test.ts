import assert from "node:assert/strict";
import golden from "../golden/frr.conf" with { type: "text" };
import { canPart, linesByDaemon } from "../../lib/plan/frr_by_daemon.ts";
import { diffFrrConf } from "../../lib/plan/frr_diff.ts";

/** The session that configures an empty FRR. */
const session = diffFrrConf({ desired: golden, applied: undefined, running: "" });

Deno.test("linesByDaemon() gives each line of the shipped configuration to whoever takes it, in order", () => {
  const parts = linesByDaemon(session)!;
  for (const lines of Object.values(parts)) {
    let from = 0;
    for (const line of lines) {
      from = session.indexOf(line, from);
      assert.notEqual(from, -1, `"${line}" is not where it was`);
    }
  }
  const counts = new Map<string, number>();
  for (const line of Object.values(parts).flat()) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of session) assert.ok(counts.has(line), `nobody takes "${line}"`);
  assert.ok(parts.mgmtd.includes("ipv6 nd ra-interval 1"));
  assert.ok(!parts.mgmtd.some((line) => /^(router|neighbor|bfd$|profile)/.test(line)));
  assert.ok(!parts.bgpd.some((line) => /^(interface|ipv6 nd|ip protocol|bfd$)/.test(line)));
  const lists = session.filter((line) => line.includes(" prefix-list "))
    .filter((line) => !line.startsWith("match"));
  assert.deepEqual(parts.bfdd.slice(0, lists.length), lists);
  assert.equal(parts.bfdd[lists.length], "bfd");
  assert.equal(parts.bfdd.filter((line) => line === "exit").length, 2);
});

Deno.test("linesByDaemon() gives filters to all who keep a copy, and what only BGP knows of to bgpd", () => {
  const lines = [
    "no ip prefix-list a permit 10.0.0.0/8",
    "route-map a permit 10",
    "match as-path b",
    "call c",
    "exit",
    "bgp as-path access-list b permit ^1$",
    "no route-map d permit 10",
  ];
  const shared = lines.filter((line) => !line.includes("as-path"));
  assert.deepEqual(linesByDaemon(lines), { mgmtd: shared, bgpd: lines, bfdd: lines.slice(0, 1) });
});

Deno.test("linesByDaemon() leaves to vtysh what it does not know, at the top and in a block", () => {
  for (
    const lines of [
      ["hostname a"],
      ["vrf coilex", "exit"],
      ["route-map a permit 10", "set src 10.0.0.1", "exit"],
      ["interface eth0", "ip ospf area 0", "exit"],
      ["exit"],
    ]
  ) {
    assert.equal(linesByDaemon(["ip prefix-list a permit 10.0.0.0/8", ...lines]), undefined);
  }
});

Deno.test("linesByDaemon() knows where blocks within blocks end", () => {
  const bgp = [
    "router bgp 65001",
    "address-family ipv4 unicast",
    "neighbor fabric activate",
    "exit-address-family",
    "neighbor fabric bfd",
    "exit",
  ];
  const interfaces = ["interface a", "ipv6 nd ra-interval 1", "exit"];
  assert.deepEqual(linesByDaemon([...bgp, ...interfaces]), {
    mgmtd: interfaces,
    bgpd: bgp,
    bfdd: [],
  });
});

Deno.test("canPart() needs mgmtd, and no daemon that is not known: it would keep copies of filters, too", () => {
  assert.ok(canPart(["mgmtd", "zebra", "bgpd", "bfdd"]));
  assert.ok(canPart(["mgmtd", "zebra", "bgpd", "watchfrr", "staticd", "bfdd"]));
  assert.ok(!canPart(["zebra", "bgpd", "bfdd"]));
  assert.ok(!canPart(["mgmtd", "zebra", "bgpd", "ospfd", "bfdd"]));
});
