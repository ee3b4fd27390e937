import assert from "node:assert/strict";
import fc from "fast-check";
import { type Family, fromBigInt, parseAddress, widthOf } from "../../lib/model/address.ts";
import {
  contains,
  hostPrefix,
  type InterfaceAddress,
  networkOf,
  parsePrefix,
  partsOf,
  type Prefix,
} from "../../lib/model/prefix.ts";
import {
  formatRange,
  MAX_ENDPOINT_RANGES,
  neverCarried,
  type PrefixRange,
  rangesAround,
} from "../../lib/plan/frr_ranges.ts";

const none = { tunnelPools: [], underlayPrefixes: [], endpoints: [] };

function matches(ranges: readonly PrefixRange[], prefix: Prefix): boolean {
  return ranges.some((range) =>
    contains(range.prefix, prefix) && partsOf(prefix).length <= range.le
  );
}

const addresses = fc.constantFrom<Family>(4, 6).chain((family) =>
  fc.bigInt(0n, (1n << BigInt(widthOf(family))) - 1n).map((value) => fromBigInt(value, family))
);

Deno.test("neverCarried() holds every prefix that covers an endpoint", () => {
  fc.assert(fc.property(addresses, (endpoint) => {
    const ranges = neverCarried({ ...none, endpoints: [endpoint] });
    const { length, family } = partsOf(hostPrefix(endpoint));
    for (let bits = 0; bits <= length; bits++) {
      const covering = networkOf(`${endpoint}/${bits}` as InterfaceAddress);
      assert.ok(matches(ranges, covering), `${covering} of family ${family}`);
    }
  }));
});

Deno.test("neverCarried() holds what covers, equals and lies inside tunnel pools and on-link prefixes", () => {
  const ranges = neverCarried({
    ...none,
    tunnelPools: [parsePrefix("10.192.0.0/12")],
    underlayPrefixes: [parsePrefix("198.51.100.0/24")],
  });
  for (
    const bad of [
      "10.0.0.0/8",
      "10.192.0.0/12",
      "10.200.1.2/32",
      "198.0.0.0/7",
      "198.51.0.0/16",
      "198.51.100.0/24",
      "198.51.100.9/32",
    ]
  ) {
    assert.ok(matches(ranges, networkOf(bad as InterfaceAddress)), bad);
  }
  for (const good of ["10.128.0.1/32", "10.50.0.0/16", "198.51.101.0/24", "203.0.113.0/24"]) {
    assert.ok(!matches(ranges, parsePrefix(good)), good);
  }
});

Deno.test("neverCarried() leaves single addresses beside an endpoint alone", () => {
  const ranges = neverCarried({
    ...none,
    endpoints: [parseAddress("203.0.113.5"), parseAddress("2001:db8:1:2::5")],
  });
  for (
    const good of ["203.0.113.6/32", "203.0.114.0/24", "2001:db8:1:2::6/128", "2001:db8:1:3::/64"]
  ) {
    assert.ok(!matches(ranges, parsePrefix(good)), good);
  }
});

Deno.test("neverCarried() holds default routes, link-local, loopback and multicast with nothing else known", () => {
  for (
    const bad of [
      "0.0.0.0/0",
      "::/0",
      "0.0.0.0/1",
      "169.254.1.0/24",
      "127.0.0.0/8",
      "224.0.0.0/4",
      "fe80::/64",
      "ff02::/16",
      "::1/128",
    ]
  ) {
    assert.ok(matches(neverCarried(none), parsePrefix(bad)), bad);
  }
});

Deno.test("neverCarried() keeps to the limit of ranges, the widest first, in an order that does not depend on the input's", () => {
  const endpoints = Array.from(
    { length: 3000 },
    (_, i) => parseAddress(`${20 + i % 100}.${i % 250}.${i >> 4}.7`),
  );
  const ranges = neverCarried({ ...none, endpoints });
  assert.ok(ranges.length <= MAX_ENDPOINT_RANGES + neverCarried(none).length);
  assert.ok(matches(ranges, parsePrefix("20.0.0.0/8")));
  assert.deepEqual(neverCarried({ ...none, endpoints: endpoints.toReversed() }), ranges);
});

Deno.test("neverCarried() lists nothing that another range holds, and nothing twice", () => {
  const prefixes = fc.array(
    fc.tuple(addresses, fc.integer({ min: 4, max: 32 })).map(([address, length]) =>
      networkOf(`${address}/${length}` as InterfaceAddress)
    ),
    { maxLength: 4 },
  );
  fc.assert(fc.property(prefixes, fc.array(addresses, { maxLength: 6 }), (pools, endpoints) => {
    const ranges = neverCarried({ tunnelPools: pools, underlayPrefixes: pools, endpoints });
    for (const [i, inner] of ranges.entries()) {
      for (const [j, outer] of ranges.entries()) {
        const isHeld = i !== j && outer.le >= inner.le && contains(outer.prefix, inner.prefix);
        assert.ok(!isHeld, `${formatRange(inner)} is in ${formatRange(outer)}`);
      }
    }
    for (const pool of pools) assert.ok(matches(ranges, pool), pool);
  }));
});

Deno.test("rangesAround() gives one range for each run of lengths", () => {
  assert.deepEqual(rangesAround(parsePrefix("203.0.113.5/32")).map(formatRange), [
    "203.0.0.0/8 le 15",
    "203.0.0.0/16 le 23",
    "203.0.113.0/24 le 31",
    "203.0.113.5/32",
  ]);
});
