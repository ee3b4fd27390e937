import assert from "node:assert/strict";
import type { IpAddress } from "../../lib/model/address.ts";
import type { Prefix } from "../../lib/model/prefix.ts";
import { firewallText } from "../../lib/plan/firewall.ts";

const end = { tunnelAddress: "10.192.0.1" as IpAddress, wgPort: 12912 };

Deno.test("firewallText() keeps BGP, BFD and tunnels to the overlay, and clamps TCP to the path", () => {
  assert.equal(
    firewallText({ ...end, guard: true, natSources: [], outwardDevices: ["eth0"] }),
    `table inet meshover {
  chain input {
    type filter hook input priority filter; policy accept;
    udp dport 12912 accept
    tcp dport != 179 accept
    meta l4proto 47 iifname "meshover0" accept
    tcp dport 179 iifname != { "lo", "meshover0-*" } drop
    udp dport { 3784, 3785, 4784 } iifname != { "lo", "meshover0-*" } drop
    meta l4proto 47 ip daddr 10.192.0.1 drop
    udp dport 12913 ip daddr 10.192.0.1 iifname != "meshover0" drop
  }
  chain forward {
    type filter hook forward priority mangle; policy accept;
    oifname "meshover0-*" tcp flags syn / syn,rst tcp option maxseg size set rt mtu
    iifname "meshover0-*" tcp flags syn / syn,rst tcp option maxseg size set rt mtu
  }
}
`,
  );
});

Deno.test("firewallText() leaves guarding to the operator when told so", () => {
  const text = firewallText({ ...end, guard: false, natSources: [], outwardDevices: [] });
  assert.ok(!text.includes("drop"));
});

Deno.test("firewallText() translates pod ranges that leave by a default route, and only those", () => {
  const natSources = ["10.64.0.0/16", "fd00:64::/64"] as Prefix[];
  const text = firewallText({
    ...end,
    guard: false,
    natSources,
    outwardDevices: ["eth0", "wlan0"],
  });
  assert.match(text, /oifname \{ "eth0", "wlan0" \} ip saddr \{ 10\.64\.0\.0\/16 \} masquerade/);
  assert.match(text, /oifname \{ "eth0", "wlan0" \} ip6 saddr \{ fd00:64::\/64 \} masquerade/);
  const none = firewallText({ ...end, guard: false, natSources, outwardDevices: [] });
  assert.ok(!none.includes("masquerade"));
});
