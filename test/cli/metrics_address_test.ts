import assert from "node:assert/strict";
import { parseMetricsAddress } from "../../lib/cli/metrics_address.ts";

Deno.test("parseMetricsAddress() takes addresses of the loopback", () => {
  assert.deepEqual(parseMetricsAddress("127.0.0.1:9912"), { hostname: "127.0.0.1", port: 9912 });
  assert.deepEqual(parseMetricsAddress("[::1]:0"), { hostname: "::1", port: 0 });
  assert.deepEqual(parseMetricsAddress("localhost:9912"), { hostname: "127.0.0.1", port: 9912 });
});

Deno.test("parseMetricsAddress() refuses what other machines reach", () => {
  for (const text of ["0.0.0.0:9912", ":9912", "[::]:9912", "192.0.2.1:9912", "[2001:db8::1]:1"]) {
    assert.throws(() => parseMetricsAddress(text), /other machines; expected a loopback address/);
  }
  assert.throws(() => parseMetricsAddress("9912"), /is not an address to listen on/);
});
