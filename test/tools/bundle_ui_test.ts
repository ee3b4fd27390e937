import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { bundleHead, bundlePath } from "../../tools/ui/bundle_head.ts";

Deno.test('the dashboard\'s script was made from the sources that are here; "deno task ui" makes it anew', async () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const [head] = (await Deno.readTextFile(bundlePath(root))).split("\n", 1);
  assert.equal(head, await bundleHead(root));
});
