import assert from "node:assert/strict";
import fc from "fast-check";
import { parseInterfaceAddress, parsePrefix } from "../../lib/model/prefix.ts";
import { fromSortKey, sortKey, spanOf } from "../../lib/plan/span.ts";

Deno.test("sortKey() sorts as the addresses do and can be read back", () => {
  const value = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
  fc.assert(fc.property(value, value, (a, b) => {
    assert.deepEqual(fromSortKey(sortKey(a, 6)), { family: 6, value: a });
    assert.equal(sortKey(a, 6) < sortKey(b, 6), a < b);
  }));
});

Deno.test("sortKey() keeps the families apart", () => {
  assert.ok(sortKey(0xffffffffn, 4) < sortKey(0n, 6));
});

Deno.test("spanOf() is the whole network of an interface address", () => {
  assert.deepEqual(
    spanOf(parseInterfaceAddress("10.1.2.3/24")),
    spanOf(parsePrefix("10.1.2.0/24")),
  );
  assert.equal(
    spanOf(parsePrefix("10.0.0.0/24")).last - spanOf(parsePrefix("10.0.0.0/24")).first,
    255n,
  );
});
