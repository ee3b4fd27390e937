import assert from "node:assert/strict";
import { WayOut } from "../../lib/agent/way_out.ts";
import type { IpAddress } from "../../lib/model/address.ts";
import type { HostNetwork } from "../../lib/plan/underlay.ts";
import { FakeExec } from "../host/fake_exec.ts";

const NETWORK: HostNetwork = {
  addresses: [],
  mtus: new Map(),
  outwardDevices: [],
  raDevices: [],
  unseenByFrr: [],
  foreignCoilVrf: false,
};

Deno.test("WayOut asks again when the network changed and after half a minute, and not before", async () => {
  const exec = new FakeExec({
    "ip -j route get 192.0.2.9": {
      code: 0,
      stdout: '[{"dst":"192.0.2.9","dev":"eth1"}]\n',
      stderr: "",
    },
  });
  let now = 0;
  const way = new WayOut(exec, () => now);
  const to = ["192.0.2.9" as IpAddress];
  assert.deepEqual(await way.devices(to, NETWORK), ["eth1"]);
  assert.deepEqual(await way.devices(to, NETWORK), ["eth1"]);
  assert.equal(exec.ran.length, 1);
  await way.devices(to, { ...NETWORK });
  assert.equal(exec.ran.length, 2);
  now = 30_000;
  await way.devices(to, NETWORK);
  assert.equal(exec.ran.length, 3);
});
