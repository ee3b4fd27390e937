import assert from "node:assert/strict";
import { resumeFrom } from "../../lib/plan/frr_resume.ts";

const LINES = [
  "ip prefix-list a seq 5 permit any",
  "router bgp 65001",
  "neighbor tun1 peer-group overlay",
  "address-family ipv4 unicast",
  "redistribute kernel",
  "exit-address-family",
  "neighbor tun2 peer-group overlay",
  "exit",
  "no route-map old permit 900",
  "route-map new permit 10",
  "match tag 5",
];

Deno.test("resumeFrom() leads a new session to where a line stands", () => {
  const first = (index: number) => resumeFrom(LINES, index).slice(0, -(LINES.length - index));
  assert.deepEqual(first(0), []);
  assert.deepEqual(first(2), ["router bgp 65001"]);
  assert.deepEqual(first(4), ["router bgp 65001", "address-family ipv4 unicast"]);
  assert.deepEqual(first(6), ["router bgp 65001"]);
  assert.deepEqual(first(8), []);
  assert.deepEqual(first(10), ["route-map new permit 10"]);
  assert.deepEqual(resumeFrom(LINES, 8), LINES.slice(8));
});
