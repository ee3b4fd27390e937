import assert from "node:assert/strict";
import { parsePrefix } from "../../lib/model/prefix.ts";
import { plainAddress, seenAddress, sourceOf } from "../../lib/controller/seen_address.ts";

Deno.test("plainAddress() takes IPv4 out of its IPv6 form and zones away", () => {
  assert.equal(plainAddress("::ffff:192.0.2.1"), "192.0.2.1");
  assert.equal(plainAddress("fe80::1%eth0"), "fe80::1");
});

Deno.test("seenAddress() is never an address that peers could not use", () => {
  const overlay = [parsePrefix("10.128.0.0/12")];
  for (
    const useless of [
      "127.0.0.1",
      "::1",
      "fe80::1",
      "169.254.1.1",
      "10.129.0.1",
      "0.0.0.0",
      "not an address",
    ]
  ) {
    assert.equal(seenAddress(useless, { overlay }), null, useless);
  }
  assert.equal(seenAddress("192.0.2.1", { overlay }), "192.0.2.1");
});

Deno.test("sourceOf() believes X-Forwarded-For only from a trusted proxy, and only its last unknown hop", () => {
  const trusted = [parsePrefix("10.0.0.0/8")];
  const forwardedFor = "198.51.100.9, 203.0.113.5";
  assert.equal(sourceOf("192.0.2.1", { forwardedFor, trusted }), "192.0.2.1");
  assert.equal(sourceOf("10.0.0.1", { forwardedFor, trusted }), "203.0.113.5");
  assert.equal(sourceOf("10.0.0.1", { forwardedFor: undefined, trusted }), "10.0.0.1");
  assert.equal(
    sourceOf("10.0.0.1", { forwardedFor: "203.0.113.5, 10.9.9.9", trusted }),
    "203.0.113.5",
  );
  assert.equal(sourceOf("10.0.0.1", { forwardedFor: "nonsense", trusted }), "10.0.0.1");
});
