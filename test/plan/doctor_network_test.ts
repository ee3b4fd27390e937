import assert from "node:assert/strict";
import type { IpAddress } from "../../lib/model/address.ts";
import { facts } from "./doctor_fixture.ts";
import { judges, only } from "./doctor_judges.ts";

const { forwarding } = facts();

judges([
  {
    when: "--underlay matches no address",
    id: "underlay",
    change: { underlay: undefined, underlayProblem: "--underlay eth9 matches no address" },
    verdict: "failed",
    found: /eth9/,
    remedy: /--underlay/,
    alsoTouched: ["ipv6"],
  },
  {
    when: "IPv6 is disabled",
    id: "ipv6",
    change: { ipv6: { enabled: false } },
    verdict: "failed",
    found: /IPv6 is disabled/,
    remedy: /disable_ipv6=0/,
  },
  {
    when: "the underlay has no IPv6",
    id: "ipv6",
    change: { underlay: { ...facts().underlay!, candidates: ["192.0.2.1" as IpAddress] } },
    verdict: "warning",
    found: /IPv4 only/,
    remedy: /IPv6/,
  },
  {
    when: "another program holds WireGuard's port",
    id: "udp-port",
    change: { udp: [{ program: "openvpn", local: "0.0.0.0:12912" }] },
    verdict: "failed",
    found: /held by openvpn/,
    remedy: /--wg-port/,
  },
  {
    when: "another WireGuard device holds the port",
    id: "udp-port",
    change: { wgDevices: [{ name: "wg0", port: 12912 }] },
    verdict: "failed",
    found: /WireGuard device wg0/,
    remedy: /--wg-port/,
  },
  {
    when: "the underlay is too narrow for VXLAN",
    id: "mtu",
    change: { underlay: { ...facts().underlay!, mtu: 1400 } },
    verdict: "warning",
    found: /1400 bytes leaves 1270 for vxlan/,
    remedy: /1410 at least; or use --tunnel gre/,
  },
  {
    when: "the path to a peer is narrower than the devices say",
    id: "mtu",
    change: { paths: [{ peer: "node2", small: true, large: false, mtu: 1396 }] },
    verdict: "warning",
    found: /1396 bytes do not get through to node2/,
    remedy: /ICMP/,
  },
  {
    when: "forwarding would take the IPv6 default route away",
    id: "forwarding",
    change: { forwarding: { ...forwarding, advertised: new Map([["eth0.5", "1"]]) } },
    verdict: "failed",
    found: /eth0\.5 takes its IPv6 default route from router advertisements/,
    remedy: /net\.ipv6\.conf\.eth0\/5\.accept_ra=2/,
  },
  {
    when: "somebody turned forwarding off under a running agent",
    id: "forwarding",
    change: { forwarding: { ...forwarding, ipv4: false } },
    verdict: "warning",
    found: /IPv4 forwarding is off, though/,
    remedy: /sysctl\.d/,
  },
]);

Deno.test("diagnose() takes WireGuard's port for its own when meshover0 holds it", () => {
  const change = {
    wgDevices: [{ name: "meshover0", port: 12912 }],
    udp: [{ program: "wireguard-go", local: "*:12912" }],
  };
  assert.equal(only("udp-port", change).verdict, "ok");
});

Deno.test("diagnose() does not mind forwarding that is off before the agent has ever run", () => {
  const change = {
    forwarding: { ...forwarding, ipv4: false, ipv6: false },
    agent: { statusAgeS: undefined, failed: [] },
  };
  assert.equal(only("forwarding", change).verdict, "ok");
});
