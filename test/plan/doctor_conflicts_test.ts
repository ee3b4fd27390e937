import assert from "node:assert/strict";
import { route } from "./doctor_fixture.ts";
import { judges, only } from "./doctor_judges.ts";

judges([
  {
    when: "another BGP daemon holds port 179",
    id: "bgp-port",
    change: { bgp: [{ program: "bird", local: "0.0.0.0:179" }] },
    verdict: "failed",
    found: /held by bird/,
    remedy: /PureLB/,
  },
  {
    when: "a foreign route lies in the mesh's ranges",
    id: "routes",
    change: { routes: [route("10.130.0.0/24", { dev: "br-5f" })] },
    verdict: "warning",
    found: /10\.130\.0\.0\/24 by br-5f/,
    remedy: /--assignaddress/,
  },
  {
    when: "a foreign route takes a peer's packets away",
    id: "routes",
    change: { routes: [route("10.128.0.2/32", { dev: "eth0" })] },
    verdict: "failed",
    found: /takes packets away from a peer: 10\.128\.0\.2\/32 by eth0/,
    remedy: /renumber/,
  },
  {
    when: "a firewall drops incoming packets",
    id: "firewall",
    change: { dropping: [{ hook: "input", name: "nftables inet firewalld filter_INPUT" }] },
    verdict: "warning",
    found: /firewalld/,
    remedy: /accepts UDP 12912/,
  },
  {
    when: "Docker drops forwarded packets",
    id: "docker",
    change: { docker: true, dropping: [{ hook: "forward", name: "nftables ip filter FORWARD" }] },
    verdict: "warning",
    found: /which Docker sets/,
    remedy: /DOCKER-USER -i meshover0-\+/,
  },
  {
    when: "Cilium tunnels pods itself",
    id: "cilium",
    change: { cilium: { present: true, tunnelDevice: "cilium_vxlan", config: undefined } },
    verdict: "failed",
    found: /cilium_vxlan/,
    remedy: /routingMode: native/,
  },
  {
    when: "Cilium masquerades packets to the overlay",
    id: "cilium",
    change: {
      cilium: {
        present: true,
        tunnelDevice: undefined,
        config: {
          "routing-mode": "native",
          "enable-ipv4-masquerade": "true",
          "ipv4-native-routing-cidr": "10.0.0.0/12",
          "enable-ipv6": "true",
          "enable-ipv6-masquerade": "true",
        },
      },
    },
    verdict: "failed",
    found: /keep pods and overlay apart/,
    remedy:
      /ipv4NativeRoutingCIDR: .*10\.128\.0\.0\/12, ipv6NativeRoutingCIDR: .*fd00:beef:beef::\/48$/,
  },
  {
    when: "an old Cilium does not look for new devices",
    id: "cilium",
    change: {
      cilium: {
        present: true,
        tunnelDevice: undefined,
        config: { "routing-mode": "native", "enable-runtime-device-detection": "false" },
      },
    },
    verdict: "warning",
    found: /up to 1\.15/,
    remedy: /enableRuntimeDeviceDetection: true/,
  },
  {
    when: "Cilium's settings cannot be read",
    id: "cilium",
    change: { cilium: { present: true, tunnelDevice: undefined, config: undefined } },
    verdict: "warning",
    found: /could not be read/,
    remedy: /native/,
  },
]);

Deno.test("diagnose() takes FRR's own bgpd on port 179 for what it is", () => {
  assert.match(
    only("bgp-port", { bgp: [{ program: "bgpd", local: "*:179" }] }).found,
    /FRR's bgpd/,
  );
});

Deno.test("diagnose() is content with Cilium that routes natively over the whole overlay", () => {
  const config = {
    "routing-mode": "native",
    "enable-ipv4-masquerade": "true",
    "ipv4-native-routing-cidr": "10.0.0.0/8",
    // What Helm writes for IPv6 whether it is on or not.
    "enable-ipv6": "false",
    "enable-ipv6-masquerade": "true",
  };
  const cilium = { present: true, tunnelDevice: undefined, config };
  assert.equal(only("cilium", { cilium }).verdict, "ok");
  const six = { "enable-ipv6": "true", "ipv6-native-routing-cidr": "fd00::/8" };
  const both = { ...cilium, config: { ...config, ...six } };
  assert.equal(only("cilium", { cilium: both }).verdict, "ok");
});
