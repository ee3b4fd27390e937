import assert from "node:assert/strict";
import fc from "fast-check";
import { InputError } from "../../lib/model/errors.ts";
import { MAX_NODE_NUMBER } from "../../lib/model/node.ts";
import { isOwnDevice, peerOfTunnel, tunnelName, vxlanId, vxlanMac } from "../../lib/plan/names.ts";

const number = fc.integer({ min: 1, max: MAX_NODE_NUMBER });

Deno.test("tunnelName() keeps the first meshover's form for the first 99 nodes", () => {
  assert.equal(tunnelName(9), "meshover0-tun9");
  assert.equal(tunnelName(99), "meshover0-tun99");
});

Deno.test("tunnelName() still fits an interface name for the 20,000th node", () => {
  assert.equal(tunnelName(100), "meshover0-100");
  assert.equal(tunnelName(20_000), "meshover0-20000");
});

Deno.test("tunnelName() is at most 15 characters, and peerOfTunnel() reads the number back", () => {
  fc.assert(fc.property(number, (n) => {
    assert.ok(tunnelName(n).length <= 15);
    assert.equal(peerOfTunnel(tunnelName(n)), n);
  }));
});

Deno.test("tunnelName() refuses a number that has no room", () => {
  assert.throws(() => tunnelName(MAX_NODE_NUMBER + 1), InputError);
  assert.throws(() => tunnelName(0), InputError);
});

Deno.test("isOwnDevice() knows meshover's devices from others", () => {
  const own = ["meshover0", "dummy-meshover0", "meshover0-tun1", "meshover0-100"];
  const others = [
    "eth0",
    "meshover1",
    "meshover0-tun",
    "meshover0-tun100",
    "meshover0-99",
    "meshover0-eth",
    "gre0",
  ];
  assert.deepEqual([...own, ...others].filter(isOwnDevice), own);
});

Deno.test("vxlanId() is the same from both ends and differs between the peers of one node", () => {
  fc.assert(fc.property(number, number, number, (a, b, c) => {
    fc.pre(b !== c);
    assert.equal(vxlanId(a, b), vxlanId(b, a));
    assert.notEqual(vxlanId(a, b), vxlanId(a, c));
    assert.ok(vxlanId(a, b) < 2 ** 24);
  }));
});

Deno.test("vxlanMac() is a unicast, locally administered address of its own for each end of each tunnel", () => {
  fc.assert(fc.property(number, number, (a, b) => {
    fc.pre(a !== b);
    assert.match(vxlanMac(a, b), /^02(:[0-9a-f]{2}){5}$/);
    assert.notEqual(vxlanMac(a, b), vxlanMac(b, a));
  }));
});
