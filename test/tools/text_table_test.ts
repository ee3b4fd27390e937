import assert from "node:assert/strict";
import { textTable } from "../../tools/demo/text_table.ts";

Deno.test("textTable() aligns columns and leaves no space at the end of a line", () => {
  assert.deepEqual(textTable([["pair", "ping"], ["node1 - node2", "1 ms"], ["a"]]), [
    "pair            ping",
    "node1 - node2   1 ms",
    "a",
  ]);
});
