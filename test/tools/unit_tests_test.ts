import assert from "node:assert/strict";
import { namesOfSkipped, readJunit } from "../../tools/test/unit_tests.ts";

Deno.test("readJunit() sums the suites and keeps failures, errors and ignored tests apart", () => {
  const xml = `<testsuites name="deno test" tests="8" failures="1" errors="1">
    <testsuite name="a_test.ts" tests="5" disabled="1" errors="0" failures="1"></testsuite>
    <testsuite name="b_test.ts" tests="3" disabled="0" errors="1" failures="0"></testsuite>
  </testsuites>`;
  assert.deepEqual(readJunit(xml), { passed: 5, failed: 2, skipped: 1 });
});

Deno.test("readJunit() counts nothing in an empty report", () => {
  assert.deepEqual(readJunit(""), { passed: 0, failed: 0, skipped: 0 });
});

Deno.test("namesOfSkipped() lists the tests that were left out", () => {
  const xml = `<testcase name="a" time="0.1">
        </testcase>
        <testcase name="b" time="0.0" line="2">
            <skipped/>
        </testcase>`;
  assert.deepEqual(namesOfSkipped(xml), ["b"]);
  assert.deepEqual(namesOfSkipped(xml.replace('"b"', '"Coil&apos;s &amp;lt;"')), ["Coil's &lt;"]);
});
