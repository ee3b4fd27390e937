import assert from "node:assert/strict";
import { arArchive, offsetOf } from "../../../tools/bundle/ar_archive.ts";

Deno.test("arArchive() puts each content where offsetOf() says", () => {
  const encoder = new TextEncoder();
  const members = ["one", "two!", ""].map((text, i) => ({
    name: `m${i}`,
    content: encoder.encode(text),
  }));
  const archive = arArchive(members);
  members.forEach(({ content }, i) => {
    const at = offsetOf(members, i);
    assert.deepEqual(archive.slice(at, at + content.length), content);
    // Headers, and so contents, start at even offsets (deb(5)).
    assert.equal(at % 2, 0);
  });
  assert.equal(new TextDecoder().decode(archive.slice(0, 8)), "!<arch>\n");
});
