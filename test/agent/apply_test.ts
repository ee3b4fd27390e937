import assert from "node:assert/strict";
import { apply, type ApplyPorts } from "../../lib/agent/apply.ts";
import type { Exec } from "../../lib/host/exec.ts";
import type { Change } from "../../lib/plan/change.ts";

/** Doors that note what goes through them, in order of its beginning and its end. */
function noted(end: Promise<void>): { ports: ApplyPorts; notes: string[] } {
  const notes: string[] = [];
  const exec: Exec = {
    run: (argv) => {
      notes.push(argv[0]!);
      return Promise.resolve({ code: 0, stdout: "", stderr: "" });
    },
    watch: () => Promise.reject(new Error("nothing is to be followed")),
  };
  const ports: ApplyPorts = {
    exec,
    privateKey: "",
    applyFrr: () => Promise.resolve(),
    applyNft: async () => {
      await end;
      notes.push("nft");
      throw new Error("no table");
    },
    beforeSysctls: () => Promise.resolve(),
    waitForFrr: () => Promise.resolve(),
  };
  return { ports, notes };
}

const CHANGES: readonly Change[] = [
  { kind: "nft.replace", text: "" },
  { kind: "link.up", name: "meshover0" },
  { kind: "settle", devices: [] },
  { kind: "link.up", name: "meshover0-tun2" },
];

Deno.test("apply() does not wait for what nothing builds on, tells of it in order, and counts programs that write", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { ports, notes } = noted(promise);
  const applying = apply(CHANGES, ports);
  while (notes.length < 2) await new Promise((done) => setTimeout(done, 1));
  resolve();
  const applied = await applying;
  assert.deepEqual(notes, ["ip", "ip", "nft"]);
  assert.deepEqual(applied, {
    done: CHANGES.slice(1),
    failed: [{ change: CHANGES[0], error: "no table" }],
    writes: 3,
  });
});
