import assert from "node:assert/strict";
import { type RouteLook, RouteTeller } from "../../lib/agent/route_teller.ts";
import type { BgpSession } from "../../lib/host/frr_sessions.ts";
import type { RefusedRoute } from "../../lib/host/frr_refused.ts";
import { parseAnnounced } from "../../lib/host/frr_announced.ts";
import { parsePrefix } from "../../lib/model/prefix.ts";

function session(prefixesReceived: number): ReadonlyMap<string, BgpSession> {
  const tunnel = "meshover0-tun2";
  return new Map([[tunnel, {
    tunnel,
    state: "Established",
    prefixesReceived,
    prefixesSent: 1,
    dropped: 0,
  }]]);
}

/** What {@link RouteTeller} is told of a node with this session. */
function look(sessions: ReadonlyMap<string, BgpSession>, rules = ""): RouteLook {
  return { sessions, asn: 1, rules, explain: ({ origin }) => `because of ${origin}` };
}

function source() {
  let reads = 0;
  const refusals: RefusedRoute[] = [];
  return {
    get reads() {
      return reads;
    },
    routes: () => {
      reads++;
      return Promise.resolve([
        { prefix: "10.1.0.0/16", protocol: "bgp", devices: ["meshover0-tun3", "meshover0-tun2"] },
        { prefix: "10.2.0.0/16", protocol: "kernel", devices: ["br0"] },
        { prefix: "10.3.0.0/16", protocol: "bgp", devices: ["eth0"] },
      ]);
    },
    announced: () => Promise.resolve([parsePrefix("10.2.0.0/16")]),
    refusals,
    refused: () => Promise.resolve([...refusals]),
  };
}

Deno.test("RouteTeller tells what came over tunnels, and what the node announces", async () => {
  const told = await new RouteTeller(source(), () => 0).look(look(session(1)));
  assert.deepEqual(told?.routes, {
    announced: ["10.2.0.0/16"],
    accepted: [{ prefix: "10.1.0.0/16", via: [2, 3] }],
    announcedCount: 1,
    acceptedCount: 1,
    refused: [],
    refusedCount: 0,
  });
});

Deno.test("RouteTeller reads again only when something may have changed, or after a minute", async () => {
  let now = 0;
  const from = source();
  const teller = new RouteTeller(from, () => now);
  const first = await teller.look(look(session(1)));
  assert.deepEqual(await teller.look(look(session(1))), first);
  assert.equal(from.reads, 1);
  await teller.look(look(session(2)));
  assert.equal(from.reads, 2);
  now = 61_000;
  await teller.look(look(session(2)));
  assert.equal(from.reads, 3);
  teller.changed();
  await teller.look(look(session(2)));
  assert.equal(from.reads, 4);
});

Deno.test("RouteTeller reads again when a route changed while it read", async () => {
  const from = source();
  const slow = {
    routes: from.routes,
    refused: () => Promise.resolve([]),
    announced: () => {
      if (from.reads === 1) teller.changed();
      return from.announced();
    },
  };
  const teller = new RouteTeller(slow, () => 0);
  await teller.look(look(session(1)));
  await teller.look(look(session(1)));
  assert.equal(from.reads, 2);
  await teller.look(look(session(1)));
  assert.equal(from.reads, 2);
});

Deno.test("RouteTeller leaves a table alone that is too large for a status", async () => {
  const from = source();
  assert.equal(await new RouteTeller(from, () => 0).look(look(session(900_000))), undefined);
  assert.equal(from.reads, 0);
});

Deno.test("parseAnnounced() reads what FRR 8.4 says, and takes nonsense for nothing", () => {
  const text = JSON.stringify({
    routes: {
      "10.137.114.164/32": [{ valid: true, bestpath: true, path: "" }],
      "172.20.7.0/24": [{ valid: true, bestpath: true, path: "" }],
      "192.0.2.0/24": [{ path: "" }],
    },
  });
  assert.deepEqual(parseAnnounced(text), ["10.137.114.164/32", "172.20.7.0/24"]);
  assert.deepEqual(parseAnnounced("% BGP instance not found"), []);
});

Deno.test("RouteTeller tells what was refused, once for each prefix and origin, and looks again every 10 s", async () => {
  let now = 0;
  const from = source();
  const teller = new RouteTeller(from, () => now);
  assert.equal((await teller.look(look(session(1))))?.routes.refusedCount, 0);
  const prefix = parsePrefix("10.9.0.0/16");
  for (const [tunnel, ...path] of [["meshover0-tun3", 3], ["meshover0-tun2", 2, 3]] as const) {
    from.refusals.push({ tunnel, prefix, path });
  }
  assert.equal((await teller.look(look(session(1))))?.routes.refusedCount, 0);
  now = 10_000;
  assert.deepEqual((await teller.look(look(session(1))))?.routes.refused, [
    { prefix, from: [2, 3], origin: 3, why: "because of 3" },
  ]);
  assert.equal(from.reads, 2);
  now = 20_000;
  await teller.look(look(session(1)));
  assert.equal(from.reads, 2);
});

Deno.test("RouteTeller reads again when routes are judged by something else", async () => {
  const from = source();
  const teller = new RouteTeller(from, () => 0);
  await teller.look(look(session(1), "7"));
  await teller.look(look(session(1), "8"));
  assert.equal(from.reads, 2);
});
