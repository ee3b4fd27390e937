import assert from "node:assert/strict";
import { UnderlayWatch } from "../../lib/agent/underlay_watch.ts";
import type { InterfaceAddress } from "../../lib/model/prefix.ts";
import type { HostNetwork, Underlay } from "../../lib/plan/underlay.ts";

function network(...addresses: string[]): HostNetwork {
  return {
    addresses: addresses.map((address) => ({
      address: address as InterfaceAddress,
      dev: "eth0",
      stable: true,
    })),
    mtus: new Map(),
    outwardDevices: ["eth0"],
    raDevices: [],
    unseenByFrr: [],
    foreignCoilVrf: false,
  };
}

const underlay: Underlay = { candidates: [], devices: ["eth0"], prefixes: [], mtu: 1500 };

Deno.test("UnderlayWatch tells an address that is gone from one that came, and is silent otherwise", () => {
  const told: string[] = [];
  const watch = new UnderlayWatch({
    onLoss: () => void told.push("loss"),
    onChange: () => void told.push("change"),
  });
  for (
    const [addresses, expected] of [
      [["192.0.2.1/24"], []],
      [["192.0.2.1/24"], []],
      [["192.0.2.1/24", "192.0.2.2/24"], ["change"]],
      [["192.0.2.2/24"], ["loss", "change"]],
    ] as const
  ) {
    told.length = 0;
    watch.look(network(...addresses), underlay);
    assert.deepEqual(told, expected);
  }
});
