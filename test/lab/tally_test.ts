import assert from "node:assert/strict";
import { addTally, formatTally, parseTally } from "./tally.ts";

Deno.test("parseTally() reads what formatTally() wrote, and nothing else", () => {
  const tally = addTally({ passed: 1, failed: 2, skipped: 3 }, {
    passed: 10,
    failed: 20,
    skipped: 30,
  });
  assert.equal(formatTally(tally), "11 passed, 22 failed, 33 skipped");
  assert.deepEqual(parseTally(formatTally(tally)), tally);
  for (
    const line of [
      "",
      "ok | 3 passed | 0 failed",
      "x 1 passed, 0 failed, 0 skipped",
      "1 passed, 0 failed",
    ]
  ) {
    assert.equal(parseTally(line), undefined);
  }
});
