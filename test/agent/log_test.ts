import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { ChangeLog, makeLog } from "../../lib/agent/log.ts";

const now = () => new Date("2026-01-02T03:04:05.678Z");

Deno.test("makeLog() writes words for people, with the level only when it is grave", () => {
  const lines: string[] = [];
  const log = makeLog("words", (line) => lines.push(line), now);
  log("info", "peer node2 (2) joined the mesh");
  log("warning", "no answer in 10 s", { url: "http://c" });
  assert.deepEqual(lines, [
    "03:04:05.678 peer node2 (2) joined the mesh",
    "03:04:05.678 warning: no answer in 10 s url=http://c",
  ]);
});

Deno.test("makeLog() writes one JSON object a line for programs, whatever the message holds", () => {
  const lines: string[] = [];
  makeLog("json", (line) => lines.push(line), now)("error", 'two\nlines and a "quote"');
  assert.equal(lines.length, 1);
  assert.equal(lines[0]!.includes("\n"), false);
  assert.deepEqual(JSON.parse(lines[0]!), {
    time: "2026-01-02T03:04:05.678Z",
    level: "error",
    message: 'two\nlines and a "quote"',
  });
});

Deno.test("ChangeLog says a line a change, not a line a try, and remembers the last error", () => {
  const lines: string[] = [];
  const changes = new ChangeLog((level, message) => lines.push(`${level} ${message}`), now);
  assert.equal(changes.lastError, null);
  for (let i = 0; i < 3; i++) changes.say("controller", "warning", "no answer");
  changes.say("controller", "warning", "connection refused");
  changes.over("controller", "it answers again");
  changes.over("controller", "it answers again");
  assert.deepEqual(lines, [
    "warning no answer",
    "warning connection refused",
    "info it answers again",
  ]);
  assert.deepEqual(changes.lastError, {
    at: "2026-01-02T03:04:05.678Z",
    message: "connection refused",
  });
});

/** Messages given to `log(level, …)` and `say(key, level, …)` as literals. */
function literals(source: string): string[] {
  const call =
    /(?:\blog|\.say)\(\s*(?:"[^"]*",\s*)*?"(?:info|warning|error)",\s*(["`])((?:\\.|(?!\1)[^\\])*)\1/g;
  return [...source.matchAll(call)].map((match) => match[2]!);
}

Deno.test("the agent's messages are one line, begin small and end without a full stop", async () => {
  const folder = fileURLToPath(new URL("../../lib/agent/", import.meta.url));
  const messages: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isFile) messages.push(...literals(await Deno.readTextFile(folder + entry.name)));
  }
  assert.ok(messages.length > 10, `only ${messages.length} messages found`);
  const names = /^(WireGuard|FRR|IPv[46]|MTU|BGP)\b/;
  const odd = messages.filter((m) =>
    m.includes("\\n") || m.endsWith(".") || /^[A-Z]/.test(m) && !names.test(m)
  );
  assert.deepEqual(odd, []);
});
