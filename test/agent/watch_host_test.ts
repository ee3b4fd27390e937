import assert from "node:assert/strict";
import { ChangeLog } from "../../lib/agent/log.ts";
import { watchHost } from "../../lib/agent/watch_host.ts";
import type { Exec } from "../../lib/host/exec.ts";
import { StateError } from "../../lib/model/errors.ts";

Deno.test("watchHost() tries what it cannot watch ever less often, up to a minute, says so once, and has the host looked at", async () => {
  const end = new AbortController();
  const waits: number[] = [];
  const said: string[] = [];
  // nft does not start; all else goes on until the end.
  const ended = new Promise<void>((resolve) => {
    end.signal.addEventListener("abort", () => resolve());
  });
  const exec: Exec = {
    run: async () => {
      await ended;
      return { code: 0, stdout: "", stderr: "" };
    },
    watch: (argv) =>
      argv[0] === "nft" ? Promise.reject(new StateError("nft: syntax error")) : ended,
  };
  const looked = Promise.withResolvers<void>();
  const watching = watchHost({
    exec,
    daemons: true,
    onChange: () => looked.resolve(),
    onRoute: () => {},
    changes: new ChangeLog((_level, line) => said.push(line)),
    signal: end.signal,
    sleep: (ms) => {
      waits.push(ms);
      if (waits.length < 9) return Promise.resolve();
      return ended;
    },
  });
  await looked.promise;
  end.abort();
  await watching;
  assert.deepEqual(waits.slice(0, 9), [
    2_000,
    4_000,
    8_000,
    16_000,
    32_000,
    60_000,
    60_000,
    60_000,
    60_000,
  ]);
  assert.deepEqual(said, ["cannot watch the packet filter: nft: syntax error"]);
});
