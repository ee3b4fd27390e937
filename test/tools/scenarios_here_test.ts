import assert from "node:assert/strict";
import { tallyReader } from "../../tools/test/scenarios_here.ts";

Deno.test("tallyReader() keeps the count and passes the other lines on", () => {
  const printed: string[] = [];
  const reader = tallyReader((line) => printed.push(line));
  ["ok a", "3 passed, 0 failed, 1 skipped"].forEach(reader.line);
  assert.deepEqual(printed, ["ok a"]);
  assert.deepEqual(reader.tally(0), { passed: 3, failed: 0, skipped: 1 });
});

Deno.test("tallyReader() counts a run that ended without a count as a failure", () => {
  const reader = tallyReader(() => undefined);
  assert.deepEqual(reader.tally(137), { passed: 0, failed: 1, skipped: 0 });
  assert.deepEqual(reader.tally(0), { passed: 0, failed: 1, skipped: 0 });
});

Deno.test("tallyReader() does not believe a count without failures when the exit code says otherwise", () => {
  const reader = tallyReader(() => undefined);
  reader.line("3 passed, 0 failed, 0 skipped");
  assert.deepEqual(reader.tally(1), { passed: 3, failed: 1, skipped: 0 });
});
