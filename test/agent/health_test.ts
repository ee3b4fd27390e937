import assert from "node:assert/strict";
import { checkHealth } from "../../lib/agent/health.ts";
import { localStatus, WRITTEN_MS } from "./local_status_fixture.ts";

Deno.test("checkHealth() calls an agent live for a minute after its last sign", () => {
  assert.equal(checkHealth("live", localStatus(), WRITTEN_MS + 59_000).ok, true);
  const late = checkHealth("live", localStatus(), WRITTEN_MS + 90_000);
  assert.deepEqual(late, { ok: false, reason: "the agent has written nothing for 90 s" });
});

Deno.test("checkHealth() calls a node ready when one of its peers is up", () => {
  const ready = checkHealth("ready", localStatus(), WRITTEN_MS);
  assert.deepEqual(ready, { ok: true, reason: "1 of 2 peers are up" });
});

Deno.test("checkHealth() calls a node ready that is alone", () => {
  assert.equal(checkHealth("ready", localStatus({ peers: [] }), WRITTEN_MS).ok, true);
});

Deno.test("checkHealth() does not call a node ready whose peers are all down, but live", () => {
  const [, down] = localStatus().peers;
  const status = localStatus({ peers: [down!] });
  assert.equal(checkHealth("ready", status, WRITTEN_MS).ok, false);
  assert.equal(checkHealth("live", status, WRITTEN_MS).ok, true);
});

Deno.test("checkHealth() goes by handshakes where meshover runs no BGP", () => {
  const [peer] = localStatus().peers;
  const status = (handshakeAgeS: number) =>
    localStatus({ parts: { frr: "none" }, peers: [{ ...peer!, bgp: null, handshakeAgeS }] });
  assert.equal(checkHealth("ready", status(20), WRITTEN_MS).ok, true);
  assert.equal(checkHealth("ready", status(200), WRITTEN_MS).ok, false);
});

Deno.test("checkHealth() names the change that failed", () => {
  const failed = [{ change: "add device meshover0", error: "not supported" }];
  const status = localStatus({
    reconcile: { at: "2026-01-02T03:04:05.000Z", tookMs: 3, done: 0, failed },
  });
  const { ok, reason } = checkHealth("ready", status, WRITTEN_MS);
  assert.deepEqual([ok, reason], [false, "cannot add device meshover0: not supported"]);
});
