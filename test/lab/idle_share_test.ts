import assert from "node:assert/strict";
import { idleIn } from "./idle_share.ts";

Deno.test("idleIn() counts idle processors and those that wait for disks, and guests' time once", () => {
  const stat = `cpu  100 2 30 400 50 6 7 8 90 1
cpu0 50 1 15 200 25 3 3 4 45 0
`;
  assert.deepEqual(idleIn(stat), { idle: 450, all: 603 });
});
