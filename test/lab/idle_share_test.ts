import assert from "node:assert/strict";
import type { CpuInfo } from "node:os";
import { idleBetween, idleShare } from "./idle_share.ts";

function reading(...processors: { user: number; idle: number }[]): CpuInfo[] {
  return processors.map(({ user, idle }) => ({
    model: "any",
    speed: 1,
    times: { user, nice: 0, sys: 0, idle, irq: 0 },
  }));
}

Deno.test("idleBetween() is the share of all processors together", () => {
  const before = reading({ user: 10, idle: 10 }, { user: 0, idle: 50 });
  const after = reading({ user: 40, idle: 20 }, { user: 0, idle: 90 });
  assert.equal(idleBetween(before, after), 50 / 80);
  assert.equal(idleBetween(after, after), 0);
});

Deno.test("idleShare() sees this machine's processors", async () => {
  const share = await idleShare(300);
  assert.ok(share >= 0 && share <= 1, `${share}`);
  const until = performance.now() + 500;
  const busy = idleShare(400);
  while (performance.now() < until);
  assert.ok(await busy < 1, "one processor was busy all the time");
});
