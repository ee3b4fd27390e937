import assert from "node:assert/strict";
import { forgetLines } from "../../lib/plan/frr_forget.ts";

Deno.test("forgetLines() takes out the neighbours on these devices and no others", () => {
  const running = `hostname x
router bgp 4200000001
 neighbor fabric peer-group
 neighbor meshover0-tun2 interface peer-group fabric
 neighbor meshover0-tun20 interface peer-group fabric
 neighbor meshover0-tun2 description two
exit
interface meshover0-tun2
 ipv6 nd ra-interval 3
exit
`;
  assert.deepEqual(forgetLines(running, ["meshover0-tun2", "meshover0-tun3"]), [
    "router bgp 4200000001",
    "no neighbor meshover0-tun2 interface peer-group fabric",
    "exit",
  ]);
  assert.deepEqual(forgetLines(running, []), []);
  assert.deepEqual(forgetLines("", ["meshover0-tun2"]), []);
});
