import assert from "node:assert/strict";
import { FrrKeeper } from "../../lib/agent/frr_keeper.ts";
import { ChangeLog } from "../../lib/agent/log.ts";

/** A keeper on a host whose service manager says `states`, one after the other; undefined where there is none. */
function keeper(states: readonly (string | undefined)[]) {
  const lines: string[] = [];
  const log = (level: string, message: string) => void lines.push(`${level}: ${message}`);
  let asked = 0;
  let starts = 0;
  const service = () => Promise.resolve(states[asked++]);
  const frr = {
    name: "system",
    ensureCurrent: () => Promise.resolve({ replaced: false }),
    ensureRunning: () => Promise.resolve({ started: ++starts > 0 }),
  };
  const kept = new FrrKeeper({ service, frr, log, changes: new ChangeLog(log) });
  return { kept, lines, starts: () => starts };
}

Deno.test("FrrKeeper leaves FRR to whoever is restarting its service, says so once, and starts it after that", async () => {
  const { kept, lines, starts } = keeper(["deactivating", "activating", "inactive"]);
  assert.match((await kept.start())?.message ?? "", /its service is deactivating/);
  assert.match((await kept.start())?.message ?? "", /its service is activating/);
  assert.equal(starts(), 0);
  assert.equal(await kept.start(), undefined);
  assert.equal(starts(), 1);
  assert.equal(lines.at(-1), "info: FRR runs again");
});

Deno.test("FrrKeeper starts FRR where there is no service manager, or it does nothing", async () => {
  for (const state of [undefined, "inactive", "failed", "active"]) {
    const { kept, starts } = keeper([state]);
    assert.equal(await kept.start(), undefined);
    assert.equal(starts(), 1);
  }
});
