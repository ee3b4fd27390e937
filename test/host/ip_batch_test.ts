import assert from "node:assert/strict";
import { applyIpChanges, parseBatchErrors } from "../../lib/host/ip_apply.ts";
import { ipBatchLine, type IpChange } from "../../lib/host/ip_batch.ts";
import type { IpAddress } from "../../lib/model/address.ts";
import { EMPTY_STATE } from "../../lib/plan/host_state.ts";
import { reconcile } from "../../lib/plan/reconcile.ts";
import { desiredState } from "../../lib/plan/topology.ts";
import { none, peer, self } from "../plan/fixture.ts";
import { FakeExec } from "./fake_exec.ts";

const isIp = (change: { kind: string }): change is IpChange =>
  /^(link|addr|route)\./.test(change.kind);

Deno.test("a first peer over GRE is these commands", () => {
  const changes = reconcile(desiredState(self(1), [peer(2)], none), EMPTY_STATE, {
    nowS: 0,
    frr: { applied: undefined },
    nftApplied: undefined,
  });
  assert.deepEqual(changes.filter(isIp).map(ipBatchLine), [
    "link add name dummy-meshover0 mtu 1500 type dummy",
    "link add name meshover0 mtu 1420 type wireguard",
    "address add 10.128.0.1/32 dev dummy-meshover0",
    "address add fd00:beef:beef:1::1/64 dev dummy-meshover0 nodad",
    "address add 10.192.0.1/32 dev meshover0",
    "link set dev dummy-meshover0 up",
    "link set dev meshover0 up",
    "route replace 10.192.0.2/32 dev meshover0 proto 129",
    "link add name meshover0-tun2 mtu 1396 type gre local 10.192.0.1 remote 10.192.0.2 ttl 255",
    "address add 10.128.0.1/32 dev meshover0-tun2",
    "link set dev meshover0-tun2 up",
  ]);
});

Deno.test("a VXLAN tunnel has a hardware address, an id and a port of meshover's own", () => {
  const [local, remote] = ["10.192.0.1", "10.192.0.2"] as IpAddress[];
  const shape = {
    kind: "vxlan",
    local: local!,
    remote: remote!,
    id: 3,
    port: 12913,
    mac: "02:00:00:02:00:02",
  } as const;
  assert.equal(
    ipBatchLine({ kind: "link.add", link: { name: "meshover0-tun2", shape, mtu: 1370, up: true } }),
    "link add name meshover0-tun2 mtu 1370 address 02:00:00:02:00:02 " +
      "type vxlan id 3 local 10.192.0.1 remote 10.192.0.2 dstport 12913 nolearning",
  );
});

Deno.test("parseBatchErrors() tells which lines failed and with which words", () => {
  const stderr =
    'RTNETLINK answers: File exists\nCommand failed -:2\nCannot find device "nodev"\nCommand failed -:3\n';
  assert.deepEqual(parseBatchErrors(stderr), [
    { index: 1, error: "RTNETLINK answers: File exists" },
    { index: 2, error: 'Cannot find device "nodev"' },
  ]);
});

Deno.test("applyIpChanges() runs one program for all changes, and none for none", async () => {
  const exec = new FakeExec({ "ip -force -batch -": { code: 0, stdout: "", stderr: "" } });
  await applyIpChanges(exec, []);
  assert.deepEqual(exec.ran, []);
  await applyIpChanges(exec, [{ kind: "link.up", name: "meshover0" }, {
    kind: "link.delete",
    name: "meshover0-tun2",
  }]);
  assert.deepEqual(exec.ran, ["ip -force -batch -"]);
  assert.equal(exec.inputs[0], "link set dev meshover0 up\nlink delete dev meshover0-tun2\n");
});

Deno.test("applyIpChanges() blames every change when ip fails without naming a line", async () => {
  const exec = new FakeExec({
    "ip -force -batch -": { code: 255, stdout: "", stderr: "out of memory" },
  });
  const failures = await applyIpChanges(exec, [{ kind: "link.up", name: "a" }, {
    kind: "link.up",
    name: "b",
  }]);
  assert.deepEqual(failures.map((f) => [f.index, f.error]), [[0, "out of memory"], [
    1,
    "out of memory",
  ]]);
});
