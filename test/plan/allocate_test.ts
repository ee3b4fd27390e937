import assert from "node:assert/strict";
import fc from "fast-check";
import { contains, networkOf, parsePrefix } from "../../lib/model/prefix.ts";
import { type Draw, guessPlace, pickFree, placeOf, shapeOf } from "../../lib/plan/allocate.ts";
import { spanOf } from "../../lib/plan/span.ts";

/** Draws that fast-check chooses, so that a failure can be repeated. */
function drawOf(seed: number): Draw {
  let state = BigInt(seed) * 2n + 1n;
  return (below) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n);
    return (state >> 16n) % below;
  };
}

const smallPools = [
  "10.0.0.0/28",
  "192.0.2.8/30",
  "10.1.0.0/31",
  "10.2.0.0/32",
  "fd00::/60",
  "fd00::/124",
]
  .map(parsePrefix);

Deno.test("shapeOf() leaves out what an IPv4 network keeps for itself", () => {
  assert.equal(shapeOf(parsePrefix("10.0.0.0/30")).size, 2n);
  assert.equal(placeOf(shapeOf(parsePrefix("10.0.0.0/30")), 0n), "10.0.0.1/32");
  assert.equal(placeOf(shapeOf(parsePrefix("10.0.0.0/30")), 1n), "10.0.0.2/32");
});

Deno.test("shapeOf() gives all of a pool of one or two addresses", () => {
  assert.equal(placeOf(shapeOf(parsePrefix("10.0.0.4/32")), 0n), "10.0.0.4/32");
  assert.equal(placeOf(shapeOf(parsePrefix("10.0.0.4/31")), 1n), "10.0.0.5/32");
});

Deno.test("shapeOf() cuts a /48 into a /64 a node with ::1 on the device", () => {
  const shape = shapeOf(parsePrefix("fd00:beef:beef::/48"));
  assert.equal(shape.size, 65536n);
  assert.equal(placeOf(shape, 0x12n), "fd00:beef:beef:12::1/64");
});

Deno.test("shapeOf() gives single addresses of a /64 and longer", () => {
  assert.equal(placeOf(shapeOf(parsePrefix("fd00::/64")), 0n), "fd00::1/128");
});

Deno.test("pickFree() fills any pool completely without giving an address twice, then says that it is full", () => {
  fc.assert(fc.property(fc.constantFrom(...smallPools), fc.integer({ min: 0 }), (pool, seed) => {
    const shape = shapeOf(pool);
    const draw = drawOf(seed);
    const given: string[] = [];
    for (let i = 0n; i < shape.size; i++) {
      const address = pickFree(shape, { taken: given.map((a) => spanOf(a as never)), draw });
      assert.ok(address !== undefined && !given.includes(address));
      assert.ok(contains(pool, networkOf(address)));
      given.push(address);
    }
    assert.equal(pickFree(shape, { taken: given.map((a) => spanOf(a as never)), draw }), undefined);
  }));
});

Deno.test("pickFree() keeps clear of leases of another shape in the same pool", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 14 }), fc.integer({ min: 0 }), (index, seed) => {
    const wide = shapeOf(parsePrefix("fd00::/60"));
    const taken = Array.from({ length: 16 }, (_, i) => placeOf(wide, BigInt(i)))
      .filter((_, i) => i !== index)
      .map((address) => spanOf(parsePrefix(networkOf(address))));
    assert.equal(pickFree(wide, { taken, draw: drawOf(seed) }), placeOf(wide, BigInt(index)));
  }));
});

Deno.test("guessPlace() stays within the pool", () => {
  fc.assert(fc.property(fc.constantFrom(...smallPools), fc.integer({ min: 0 }), (pool, seed) => {
    assert.ok(contains(pool, networkOf(guessPlace(shapeOf(pool), drawOf(seed)))));
  }));
});
