import assert from "node:assert/strict";
import { networksUnseen } from "../../lib/plan/frr_networks.ts";

Deno.test("networksUnseen() finds what Cilium routes and zebra does not look at", () => {
  assert.deepEqual(
    networksUnseen([
      { dst: "default", gateway: "10.99.0.254", dev: "eth0", protocol: "dhcp" },
      { dst: "default", gateway: "fe80::1", dev: "eth0", protocol: "kernel" },
      { dst: "10.228.0.0/24", gateway: "10.228.0.13", dev: "cilium_host", protocol: "kernel" },
      { dst: "10.228.0.13", dev: "cilium_host", protocol: "kernel" },
      { dst: "10.99.0.0/24", dev: "eth0", protocol: "kernel" },
      { dst: "10.5.0.0/24", gateway: "10.99.0.9", dev: "eth0", protocol: "static" },
      { dst: "10.6.0.1", gateway: "10.228.0.13", dev: "cilium_host", protocol: "kernel" },
      { dst: "10.7.0.0/24", gateway: "10.1.1.1", dev: "meshover0-tun2", protocol: "kernel" },
      { dst: "fd00:228::/64", gateway: "fd00:228::1", dev: "cilium_host", protocol: "kernel" },
    ]),
    ["10.228.0.0/24", "10.6.0.1/32", "fd00:228::/64"],
  );
});
