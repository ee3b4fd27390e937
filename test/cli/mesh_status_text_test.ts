import assert from "node:assert/strict";
import { meshStatusText } from "../../lib/cli/mesh_status_text.ts";
import { coloured, paintFor, plain } from "../../lib/cli/paint.ts";
import { showOrWatch } from "../../lib/cli/show_or_watch.ts";
import { table } from "../../lib/cli/table.ts";
import type { NodesAnswer } from "../../lib/model/nodes_api.ts";
import { withController } from "../see/with_controller.ts";

Deno.test("meshStatusText() shows the mesh as a matrix, and in words what is not well", async () => {
  await withController(async ({ mesh }) => {
    await mesh.enrol(["tokyo", "osaka", "sapporo"]);
    const [a, b, c] = mesh.nodes;
    await mesh.tell(a!, { bgpDown: [b!.self.number] });
    await mesh.tell(b!, { noHandshake: [c!.self.number] });
    const answer = await mesh.admin("GET", { path: "/v1/nodes" }) as NodesAnswer;
    const lines = meshStatusText(answer, Date.now()).split("\n");
    assert.equal(lines[0], "3 nodes, 1 silent, 2 links not well");
    const cells = lines.slice(3, 6).map((line) => line.trim().split(/\s+/).slice(2, 6));
    assert.deepEqual(cells, [["\\", "B", ".", "1/2"], [".", "\\", "H", "1/2"], [
      "?",
      "?",
      "\\",
      "silent",
    ]]);
    const [x, y] = [a!.self.name, b!.self.name];
    assert.ok(lines.includes(`${x} - ${y}: BGP down (Active; ${x} says so)`), lines.join("\n"));
  });
});

Deno.test("meshStatusText() shows no empty table where names are only reserved", async () => {
  await withController(async ({ mesh }) => {
    const none = await mesh.admin("GET", { path: "/v1/nodes" }) as NodesAnswer;
    assert.equal(meshStatusText(none, Date.now()), "no nodes yet");
    await mesh.admin("POST", { path: "/v1/nodes", body: { name: "kyoto" } });
    const one = await mesh.admin("GET", { path: "/v1/nodes" }) as NodesAnswer;
    assert.equal(
      meshStatusText(one, Date.now()),
      "no nodes yet, 1 reserved name (meshover node list)",
    );
  });
});

Deno.test("colours are for terminals, unless NO_COLOR says no", () => {
  assert.equal(paintFor({ terminal: true, noColor: undefined }), coloured);
  assert.equal(paintFor({ terminal: true, noColor: "" }), coloured);
  assert.equal(paintFor({ terminal: true, noColor: "1" }), plain);
  assert.equal(paintFor({ terminal: false, noColor: undefined }), plain);
});

Deno.test("table() aligns what is coloured like what is not", () => {
  const rows = [["A", "B"], [{ text: "up", tone: "good" as const }, "x"], ["longer", ""]];
  assert.equal(table(rows), "A       B\nup      x\nlonger");
  assert.equal(table(rows, coloured), "A       B\n\x1b[32mup\x1b[0m      x\nlonger");
});

Deno.test("showOrWatch() prints again only what differs, and failures too", async () => {
  const looks = ["one", "one", new Error("no answer"), "two"];
  const printed: string[] = [];
  const over = new AbortController();
  await showOrWatch(() => {
    const look = looks.shift()!;
    if (looks.length === 0) over.abort();
    return look instanceof Error ? Promise.reject(look) : Promise.resolve(look);
  }, {
    watch: true,
    print: (line) => printed.push(line),
    terminal: false,
    sleep: () => Promise.resolve(),
    signal: over.signal,
  });
  assert.deepEqual(printed, ["one", "no answer", "two"]);
});
