import assert from "node:assert/strict";
import { ChangeLog } from "../../lib/agent/log.ts";
import { Narrator } from "../../lib/agent/narrator.ts";
import { EMPTY_STATE } from "../../lib/plan/host_state.ts";
import { NO_SNAPSHOT } from "../../lib/plan/snapshot.ts";
import { peer } from "../plan/fixture.ts";

function narrate(): { narrator: Narrator; lines: string[] } {
  const lines: string[] = [];
  const log = (level: string, message: string) => void lines.push(`${level}: ${message}`);
  const changes = new ChangeLog(log);
  return { narrator: new Narrator({ log, changes, snapshot: NO_SNAPSHOT }), lines };
}

Deno.test("Narrator says each change with its reason, and a failure once however often it fails", () => {
  const { narrator, lines } = narrate();
  const change = { kind: "link.up", name: "meshover0-tun2" } as const;
  const failed = { done: [], failed: [{ change, error: "no" }], writes: 1 };
  narrator.applied(failed, EMPTY_STATE);
  narrator.applied(failed, EMPTY_STATE);
  narrator.applied({ done: [change], failed: [], writes: 1 }, EMPTY_STATE);
  assert.deepEqual(lines, [
    "error: cannot bring meshover0-tun2 up: no",
    "info: bring meshover0-tun2 up: the peer number 2 left",
    "info: worked at last: bring meshover0-tun2 up",
  ]);
});

Deno.test("Narrator says that tunnels keep 1280 bytes over a narrower underlay, once, and when it is over", () => {
  const { narrator, lines } = narrate();
  for (const mtu of [1383, 1383, 1384]) narrator.underlayMtu(mtu, "gre");
  assert.equal(lines.length, 2);
  assert.match(lines[0]!, /^warning: the underlay's MTU of 1383 is under 1384: tunnels keep 1280/);
  assert.match(lines[1]!, /^info: the underlay's MTU is wide enough now/);
});

Deno.test("Narrator says who joined the mesh and who left it", () => {
  const { narrator, lines } = narrate();
  const next = { ...NO_SNAPSHOT, peers: [peer(1), peer(2)] };
  narrator.whoChanged({ before: NO_SNAPSHOT, next }, 1);
  narrator.whoChanged({ before: next, next: { ...NO_SNAPSHOT, peers: [peer(1)] } }, 1);
  assert.deepEqual(lines, [
    `info: peer ${peer(2).name} (2) joined the mesh`,
    `info: peer ${peer(2).name} (2) left the mesh`,
  ]);
});
