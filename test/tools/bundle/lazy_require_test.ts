import assert from "node:assert/strict";
import { lazyRequire } from "../../../tools/bundle/lazy_require.ts";

Deno.test("lazyRequire() makes require only when it is called, and then it works", async () => {
  const script =
    `import{createRequire as c} from "node:module";var m=c(import.meta.url);export{m as require};`;
  const { text, changes } = lazyRequire(script);
  assert.equal(changes, 1);
  assert.doesNotMatch(text, /^import/);
  const file = await Deno.makeTempFile({ suffix: ".mjs" });
  await Deno.writeTextFile(file, text);
  const { require } = await import(`file://${file}`);
  await Deno.remove(file);
  assert.equal(require("node:path").basename("/a/b"), "b");
  assert.equal(require("fs").existsSync("/"), true);
  assert.deepEqual(lazyRequire("const a = 1;"), { text: "const a = 1;", changes: 0 });
});
