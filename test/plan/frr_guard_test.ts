import assert from "node:assert/strict";
import { type IpAddress, parseAddress } from "../../lib/model/address.ts";
import { contains, parsePrefix, partsOf } from "../../lib/model/prefix.ts";
import { guardText } from "../../lib/plan/frr_guard.ts";
import { neverCarried } from "../../lib/plan/frr_ranges.ts";
import { readRouteMap } from "./frr_route_map.ts";

/** Addresses that have little in common, as those of sites at many providers. */
function farApart(count: number): IpAddress[] {
  return Array.from({ length: count }, (_, i) => {
    const bits = Math.imul(i + 1, 2_654_435_761) >>> 0;
    return parseAddress(
      `${20 + (bits >>> 24) % 150}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.7`,
    );
  });
}

function guardOf(endpoints: readonly IpAddress[]): string {
  return guardText(neverCarried({ tunnelPools: [], underlayPrefixes: [], endpoints }));
}

/** Elements of each prefix list. */
function lists(text: string): ReadonlyMap<string, readonly string[]> {
  const lines = text.split("\n").filter((line) => line.includes(" prefix-list meshover-never"));
  const elements = lines.filter((line) => !line.startsWith(" "));
  return Map.groupBy(elements, (line) => line.split(" permit ")[0]!);
}

Deno.test("guardText() keeps to one list of each family while there are few ranges", () => {
  assert.deepEqual([...lists(guardOf(farApart(10))).keys()], [
    "ip prefix-list meshover-never",
    "ipv6 prefix-list meshover-never6",
  ]);
});

Deno.test("guardText() denies what covers any of hundreds of endpoints, and no more than it says", () => {
  const endpoints = farApart(400);
  const never = neverCarried({ tunnelPools: [], underlayPrefixes: [], endpoints });
  const lets = readRouteMap(guardText(never), "meshover-guard");
  for (const endpoint of endpoints.filter((_, i) => i % 40 === 0)) {
    for (const length of [0, 8, 12, 16, 20, 24, 30, 32]) {
      const host = parsePrefix(`${endpoint}/32`);
      const covering = never.find(({ prefix, le }) =>
        contains(prefix, host) && partsOf(prefix).length <= length && length <= le
      );
      assert.ok(covering, `nothing around ${endpoint} holds a prefix of length ${length}`);
    }
    assert.equal(lets({ prefix: parsePrefix(`${endpoint}/32`), path: [1] }), false, endpoint);
  }
  for (const beside of ["10.50.0.0/16", "200.1.2.0/24", "fd00:70::/64"]) {
    assert.equal(lets({ prefix: parsePrefix(beside), path: [1] }), true, beside);
  }
});

Deno.test("guardText() spreads many ranges over lists that stay short, and leaves them there when a site comes", () => {
  const before = guardOf(farApart(400));
  const further = [...lists(before)].filter(([name]) => /-\d+$/.test(name));
  assert.equal(further.length, 64);
  for (const [name, { length }] of further) assert.ok(length < 40, `${name}: ${length}`);
  const after = guardOf(farApart(401)).split("\n");
  const gone = before.split("\n").filter((line) => !after.includes(line));
  // A range of the new site's that is wider takes the place of one in the first list.
  assert.ok(gone.length <= 4, gone.join("\n"));
});
