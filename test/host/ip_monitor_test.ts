import assert from "node:assert/strict";
import { isLearntRoute, isOfInterest } from "../../lib/host/ip_monitor.ts";

Deno.test("isOfInterest() hears of what is meshover's, of the underlay, and of routes that FRR may not see", () => {
  for (
    const line of [
      "[LINK]7: meshover0: <POINTOPOINT> mtu 1420",
      "[ADDR]2: eth0    inet 192.0.2.1/24 scope global eth0",
      "[RULE]Deleted 5199:	from all lookup main suppress_prefixlength 0",
      "[NETCONF]inet all forwarding off",
      "[ROUTE]Deleted 10.192.0.2 dev meshover0 proto 129 scope link",
      "[ROUTE]default via 192.0.2.254 dev eth0",
      "[ROUTE]10.0.1.0/24 dev cilium_host proto kernel src 10.0.1.1",
      "[ROUTE]Deleted 10.128.0.2 nhid 9 dev meshover0-tun2 proto bgp metric 20",
    ]
  ) assert.ok(isOfInterest(line), line);
  for (
    const line of [
      "[ROUTE]10.128.0.2 nhid 9 dev meshover0-tun2 proto bgp metric 20",
      "[ROUTE]203.0.113.0/24 dev lo scope link",
      "    valid_lft forever preferred_lft forever",
    ]
  ) assert.ok(!isOfInterest(line), line);
  assert.ok(isLearntRoute("[ROUTE]10.128.0.2 nhid 9 dev meshover0-tun2 proto bgp metric 20"));
});
