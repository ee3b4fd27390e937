import assert from "node:assert/strict";
import type { InterfaceAddress } from "../../lib/model/prefix.ts";
import { type HostNetwork, type Underlay, underlayWays } from "../../lib/plan/underlay.ts";

Deno.test("underlayWays() names the underlay's devices and every address on them, and nothing of other devices", () => {
  const address = (text: string, dev: string, stable = true) => ({
    address: text as InterfaceAddress,
    dev,
    stable,
  });
  const network: HostNetwork = {
    addresses: [
      address("192.0.2.1/24", "eth0"),
      // Connections also begin at temporary addresses.
      address("2001:db8::1/64", "eth0", false),
      address("10.0.0.1/24", "docker0"),
    ],
    mtus: new Map(),
    outwardDevices: ["eth0"],
    raDevices: [],
    unseenByFrr: [],
    foreignCoilVrf: false,
  };
  const underlay: Underlay = { candidates: [], devices: ["eth0"], prefixes: [], mtu: 1500 };
  assert.deepEqual(
    [...underlayWays(network, underlay)],
    ["eth0", "192.0.2.1/24 on eth0", "2001:db8::1/64 on eth0"],
  );
});
