import assert from "node:assert/strict";
import { doctorText } from "../../lib/cli/doctor_text.ts";
import { diagnose } from "../../lib/plan/doctor.ts";
import { facts } from "../plan/doctor_fixture.ts";

Deno.test("doctorText() of a healthy node", () => {
  assert.equal(
    doctorText(diagnose(facts())),
    `ok       root         running as root
ok       programs     ip 6.1.0, wg 1.0.20210914, nft 1.0.6
ok       kernel       Linux 6.12.0: WireGuard kernel, tunnels gre or vxlan, dummy device
ok       frr          FRR 10.3 on this system
ok       state        /var/lib/meshover is there, for root only
ok       underlay     2001:db8::1, 192.0.2.1 on eth0
ok       ipv6         underlay has 2001:db8::1
ok       udp-port     UDP 12912 is free
ok       time         the clock agrees with the controller's
ok       controller   https://controller.example:8080 answers and knows this node
ok       mtu          underlay 1500, tunnels gre 1396, vxlan 1370; full packets get through to 1 of 1 peers tried
ok       forwarding   IPv4 and IPv6 packets are forwarded, rp_filter is off
ok       bgp-port     TCP 179 is free
ok       routes       no other route lies in 10.192.0.0/12, 10.128.0.0/12, fd00:beef:beef::/48
ok       firewall     no packet filter drops incoming packets by default
ok       docker       no packet filter drops forwarded packets by default
ok       cilium       Cilium is not on this host
ok       agent        the agent works and has nothing left to do

18 ok, 0 warnings, 0 failed: this machine is fit to be a node`,
  );
});

Deno.test("doctorText() puts the remedy under what is wrong, and counts", () => {
  const ill = diagnose(facts({ uid: 1000, ntpSynchronised: false }));
  const lines = doctorText(ill).split("\n");
  assert.deepEqual(lines.slice(0, 2), [
    "FAILED   root         running as user 1000",
    "                      -> run it with sudo: devices, routes and WireGuard need root, and so do most of these checks",
  ]);
  assert.equal(
    lines.at(-1),
    "15 ok, 2 warnings, 1 failed: do what stands behind the arrows",
  );
});
