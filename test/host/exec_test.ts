import assert from "node:assert/strict";
import { SystemExec } from "../../lib/host/exec.ts";

Deno.test("SystemExec.watch() ends the program when it is told while it listens", async () => {
  const told = new AbortController();
  const lines: string[] = [];
  const onLine = (line: string) => {
    lines.push(line);
    told.abort();
  };
  const program = ["sh", "-c", "echo begun; exec sleep 300"];
  await new SystemExec().watch(program, { onLine, signal: told.signal });
  assert.deepEqual(lines, ["begun"]);
});

Deno.test("SystemExec.watch() that is told to end before it listens starts nothing", async () => {
  const exec = new SystemExec();
  const onLine = () => {};
  await exec.watch(["sleep", "5"], { onLine, signal: AbortSignal.abort() });
  assert.equal(exec.count, 0);
});
