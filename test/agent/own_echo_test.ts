import assert from "node:assert/strict";
import { OwnEcho } from "../../lib/agent/own_echo.ts";

/** An echo with a clock of its own. */
function withClock() {
  const looks: number[] = [];
  let nowMs = 0;
  let waiting: { readonly call: () => void; readonly at: number } | undefined;
  const echo = new OwnEcho({
    look: () => looks.push(nowMs),
    now: () => nowMs,
    later: (call, ms) => {
      assert.equal(waiting, undefined, "one look waits at a time");
      waiting = { call, at: nowMs + ms };
      return () => waiting = undefined;
    },
  });
  const passTo = (ms: number) => {
    if (waiting !== undefined && waiting.at <= ms) {
      const { call, at } = waiting;
      waiting = undefined;
      nowMs = at;
      call();
    }
    nowMs = ms;
  };
  return { echo, looks, passTo };
}

Deno.test("what the host tells is looked at at once", () => {
  const { echo, looks, passTo } = withClock();
  echo.heard();
  echo.begin();
  echo.end(false);
  passTo(10);
  echo.heard();
  assert.deepEqual(looks, [0, 10]);
});

Deno.test("what it tells in the second after a change is looked at once, when the second is over", () => {
  const { echo, looks, passTo } = withClock();
  echo.begin();
  passTo(400);
  echo.heard();
  passTo(500);
  echo.end(true);
  for (const at of [510, 700, 1_400]) {
    passTo(at);
    echo.heard();
  }
  passTo(2_000);
  echo.heard();
  assert.deepEqual(looks, [1_500, 2_000]);
});

Deno.test("what it tells while a turn looks and changes nothing is looked at right after it", () => {
  const { echo, looks, passTo } = withClock();
  echo.begin();
  echo.heard();
  passTo(30);
  assert.deepEqual(looks, []);
  echo.end(false);
  assert.deepEqual(looks, [30]);
});

Deno.test("a turn that comes for another reason does the look that waits", () => {
  const { echo, looks, passTo } = withClock();
  echo.begin();
  echo.end(true);
  echo.heard();
  passTo(500);
  echo.begin();
  echo.end(false);
  passTo(5_000);
  assert.deepEqual(looks, []);
  echo.heard();
  assert.deepEqual(looks, [5_000]);
});
