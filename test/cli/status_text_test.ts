import assert from "node:assert/strict";
import { parsePrefix } from "../../lib/model/prefix.ts";
import { statusText } from "../../lib/cli/status_text.ts";
import { localStatus, WRITTEN_MS } from "../agent/local_status_fixture.ts";

Deno.test("statusText() shows node, controller, peers, routes and traffic", () => {
  assert.equal(
    statusText(localStatus(), WRITTEN_MS + 3_000),
    `node        node1 (number 1, AS 4200000001) 10.128.0.1/32 fd00:beef:beef:1::1/64
parts       wg kernel, tunnels gre,vxlan, dummy dummy, frr system, meshover 0.1.0
controller  https://controller.example:8080 connected for 4 min
seen        3 s ago; last reconcile 42 ms, 0 done, 0 failed

PEER     TUNNEL          ENDPOINT             HANDSHAKE  BGP          ROUTES IN/OUT  RX       TX
node2    meshover0-tun2  [2001:db8::2]:12912  12 s       Established  3/5            4.0 KiB  1.5 MiB
node100  meshover0-100   -                    never      -            -/-            0 B      148 B`,
  );
});

Deno.test("statusText() says since when and why the controller is lost, what failed, and the last error", () => {
  const status = localStatus({
    peers: [],
    controller: {
      url: "https://controller.example:8080",
      state: "lost",
      since: "2026-01-02T03:03:35.000Z",
      reason: "Cannot follow the mesh: connection refused",
    },
    reconcile: {
      at: "2026-01-02T03:04:05.000Z",
      tookMs: 12,
      done: 3,
      failed: [{ change: "bring meshover0 up", error: "no such device" }],
    },
    lastError: { at: "2026-01-02T03:04:00.000Z", message: "cannot bring meshover0 up" },
  });
  const lines = statusText(status, WRITTEN_MS).split("\n").slice(2, 6);
  assert.deepEqual(lines, [
    "controller  https://controller.example:8080 lost for 30 s: Cannot follow the mesh: connection refused",
    "seen        0 s ago; last reconcile 12 ms, 3 done, 1 failed",
    "failed      bring meshover0 up: no such device",
    "last error  5 s ago: cannot bring meshover0 up",
  ]);
});

Deno.test("statusText() tells what the node refused and why, and only counts what waits for approval", () => {
  const route = (prefix: string, why: string, ...from: number[]) => ({
    prefix: parsePrefix(prefix),
    from,
    origin: null,
    why,
  });
  const refused = [
    route("0.0.0.0/0", "a default route", 2, 7),
    route("10.128.0.9/32", "the address of node9", 100),
    route("10.70.0.0/16", "not approved", 2),
    route("10.71.0.0/16", "not approved", 2),
  ];
  const routes = {
    announced: [],
    accepted: [],
    announcedCount: 0,
    acceptedCount: 0,
    refused,
    refusedCount: 4,
  };
  const lines = statusText(localStatus({ routes }), WRITTEN_MS).split("\n").slice(4, 7);
  assert.deepEqual(lines, [
    "refused     0.0.0.0/0 from node2, node 7: a default route",
    "refused     10.128.0.9/32 from node100: the address of node9",
    "waiting     2 not approved yet: meshover route list",
  ]);
});
