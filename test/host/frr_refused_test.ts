import assert from "node:assert/strict";
import { parseRefused, splitAnswers } from "../../lib/host/frr_refused.ts";

const answer = {
  localAS: 4200000001,
  receivedRoutes: {
    "10.128.0.1/32": { path: "4200000002 4200000001" },
    "192.168.7.0/24": { path: "4200000002 4200000003" },
  },
  totalPrefixCounter: 2,
};

Deno.test("parseRefused() tells what was refused, but not what came back to its origin", () => {
  assert.deepEqual(
    parseRefused(JSON.stringify(answer), { tunnel: "meshover0-tun2", ownAsn: 4200000001 }),
    [{ tunnel: "meshover0-tun2", prefix: "192.168.7.0/24", path: [4200000002, 4200000003] }],
  );
});

Deno.test("parseRefused() finds none for a peer that is gone", () => {
  const gone = '{\n  "malformedAddressOrName":"meshover0-tun9"\n}\n';
  assert.deepEqual(parseRefused(gone, { tunnel: "meshover0-tun9", ownAsn: 1 }), []);
});

Deno.test("splitAnswers() parts answers over many lines (8.4) and in one line each (10.3)", () => {
  for (const indent of [2, 0]) {
    const one = JSON.stringify(answer, null, indent);
    const answers = splitAnswers(`${one}\n\n${one}\n`);
    assert.deepEqual(answers.map((text) => JSON.parse(text)), [answer, answer]);
  }
});
