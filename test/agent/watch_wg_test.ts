import assert from "node:assert/strict";
import { watchWg } from "../../lib/agent/watch_wg.ts";
import type { Exec } from "../../lib/host/exec.ts";

Deno.test("watchWg() tells of peers that somebody took away, once, and not of another order nor of a device that is gone", async () => {
  const shown = ["a\tb\nc\td\n", "c\td\na\tb\n", "a\tb\n", undefined, "a\tb\n", "a\tb\n"];
  const end = new AbortController();
  let looks = 0;
  const exec: Exec = {
    run: (argv) => {
      assert.deepEqual(argv, ["wg", "show", "meshover0", "allowed-ips"]);
      const stdout = shown[looks++];
      if (looks === shown.length) end.abort();
      return Promise.resolve({
        code: stdout === undefined ? 1 : 0,
        stdout: stdout ?? "",
        stderr: "",
      });
    },
    watch: () => Promise.reject(new Error("nothing is to be followed")),
  };
  const told: number[] = [];
  await watchWg({ exec, onChange: () => void told.push(looks), signal: end.signal, everyMs: 1 });
  assert.deepEqual(told, [3]);
});
