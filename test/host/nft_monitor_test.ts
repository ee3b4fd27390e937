import assert from "node:assert/strict";
import { isOwnLoss, monitorNft } from "../../lib/host/nft_monitor.ts";
import type { Exec } from "../../lib/host/exec.ts";

Deno.test("isOwnLoss() sees what meshover's table loses, and nothing of others'", () => {
  assert.ok(isOwnLoss("delete table inet meshover"));
  assert.ok(isOwnLoss("delete rule inet meshover input handle 2"));
  assert.ok(isOwnLoss("delete chain inet meshover input"));
  assert.ok(!isOwnLoss("add rule inet meshover input accept"));
  assert.ok(!isOwnLoss("delete rule ip meshover input handle 2"));
  assert.ok(!isOwnLoss("delete table inet meshover2"));
  assert.ok(!isOwnLoss("delete rule ip filter FORWARD handle 7"));
});

Deno.test("monitorNft() calls for what meshover's table loses, by words that every nft takes", async () => {
  const argvs: string[] = [];
  const exec: Exec = {
    run: () => Promise.reject(new Error("it only watches")),
    watch: (argv, { onLine }) => {
      argvs.push(argv.join(" "));
      onLine("add table inet meshover");
      onLine("delete table inet meshover");
      return Promise.resolve();
    },
  };
  let changes = 0;
  const { signal } = new AbortController();
  await monitorNft(exec, { onChange: () => void changes++, signal });
  // "monitor destroy" is a syntax error for nft 1.1.
  assert.deepEqual([argvs, changes], [["nft monitor"], 1]);
});
