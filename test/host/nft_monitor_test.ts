import assert from "node:assert/strict";
import { isOwnLoss } from "../../lib/host/nft_monitor.ts";

Deno.test("isOwnLoss() sees what meshover's table loses, and nothing of others'", () => {
  assert.ok(isOwnLoss("delete table inet meshover"));
  assert.ok(isOwnLoss("delete rule inet meshover input handle 2"));
  assert.ok(isOwnLoss("delete chain inet meshover input"));
  assert.ok(!isOwnLoss("add rule inet meshover input accept"));
  assert.ok(!isOwnLoss("delete rule ip meshover input handle 2"));
  assert.ok(!isOwnLoss("delete table inet meshover2"));
  assert.ok(!isOwnLoss("delete rule ip filter FORWARD handle 7"));
});
