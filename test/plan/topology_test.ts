import assert from "node:assert/strict";
import fc from "fast-check";
import type { IpAddress } from "../../lib/model/address.ts";
import { tunnelMtu, wgMtu } from "../../lib/plan/mtu.ts";
import { desiredState } from "../../lib/plan/topology.ts";
import { key, none, peer, self } from "./fixture.ts";

Deno.test("desiredState() wants the node addresses on the dummy device and the /32 on every tunnel", () => {
  const state = desiredState(self(1), [peer(1), peer(2), peer(3)], none);
  assert.deepEqual([...state.links.keys()], [
    "dummy-meshover0",
    "meshover0",
    "meshover0-tun2",
    "meshover0-tun3",
  ]);
  assert.deepEqual([...state.addresses.get("dummy-meshover0")!], [
    "10.128.0.1/32",
    "fd00:beef:beef:1::1/64",
  ]);
  assert.deepEqual([...state.addresses.get("meshover0-tun2")!], ["10.128.0.1/32"]);
  assert.deepEqual([...state.addresses.get("meshover0")!], ["10.192.0.1/32"]);
});

Deno.test("desiredState() allows a peer only its tunnel address through WireGuard", () => {
  const wg = desiredState(self(1), [peer(2)], none).wg!;
  assert.deepEqual(wg.peers.get(key(2)), {
    publicKey: key(2),
    endpoint: "[2001:db8::2]:12912",
    allowedIps: ["10.192.0.2/32"],
    keepaliveS: 0,
  });
});

Deno.test("desiredState() puts IPv6 tunnel addresses beside those of IPv4, where nodes have them", () => {
  const six = (n: number) => ({ tunnelAddress6: `fd00:5::${n}` as IpAddress });
  const own = self(1);
  const state = desiredState({ ...own, assignment: { ...own.assignment, ...six(1) } }, [
    peer(2, six(2)),
    peer(3),
  ], none);
  assert.deepEqual([...state.addresses.get("meshover0")!], ["10.192.0.1/32", "fd00:5::1/128"]);
  const { peers } = state.wg!;
  assert.deepEqual(peers.get(key(2))!.allowedIps, ["10.192.0.2/32", "fd00:5::2/128"]);
  assert.deepEqual(peers.get(key(3))!.allowedIps, ["10.192.0.3/32"]);
  const routes = [...state.routes.values()].map((route) => `${route.dst} ${route.dev}`);
  assert.deepEqual(routes, [
    "10.192.0.2/32 meshover0",
    "fd00:5::2/128 meshover0",
    "10.192.0.3/32 meshover0",
  ]);
});

Deno.test("desiredState() does not depend on the order of peers", () => {
  const peers = [peer(1), peer(2), peer(3), peer(120)];
  const want = JSON.stringify([...desiredState(self(1), peers, none).links]);
  fc.assert(fc.property(fc.shuffledSubarray(peers, { minLength: 4 }), (mixed) => {
    assert.equal(JSON.stringify([...desiredState(self(1), mixed, none).links]), want);
  }));
});

Deno.test("desiredState() falls back to VXLAN for a pair of which one end has no GRE", () => {
  const state = desiredState(self(1), [peer(2, { tunnels: ["vxlan"] }), peer(3)], none);
  assert.equal(state.links.get("meshover0-tun2")!.shape.kind, "vxlan");
  assert.equal(state.links.get("meshover0-tun3")!.shape.kind, "gre");
});

Deno.test("desiredState() leaves out a peer that shares no tunnel kind", () => {
  const gre = self(1, { report: { ...peer(1), tunnels: ["gre"] } });
  const state = desiredState(gre, [peer(2, { tunnels: ["vxlan"] })], none);
  assert.equal(state.links.has("meshover0-tun2"), false);
  assert.equal(state.wg!.peers.size, 0);
});

Deno.test("desiredState() keeps a NAT open when either end is behind one", () => {
  const seen = "203.0.113.9" as IpAddress;
  const hidden = peer(2, { candidates: ["192.168.1.2"] as IpAddress[], seenAddress: seen });
  assert.equal(desiredState(self(1), [hidden], none).wg!.peers.get(key(2))!.keepaliveS, 25);
  const behind = self(1, { seenAddress: seen });
  assert.equal(desiredState(behind, [peer(2)], none).wg!.peers.get(key(2))!.keepaliveS, 25);
});

Deno.test("desiredState() gives a tunnel the MTU of the narrower end", () => {
  const state = desiredState(self(1), [peer(2), peer(3, { underlayMtu: 1450 })], none);
  assert.equal(state.links.get("meshover0")!.mtu, 1420);
  assert.equal(state.links.get("meshover0-tun2")!.mtu, 1396);
  assert.equal(state.links.get("meshover0-tun3")!.mtu, 1346);
});

Deno.test("wgMtu() and tunnelMtu() follow the underlay, up and down, but never under 1280", () => {
  assert.deepEqual([wgMtu(1500), tunnelMtu(1500, "gre"), tunnelMtu(1500, "vxlan")], [
    1420,
    1396,
    1370,
  ]);
  assert.deepEqual([wgMtu(9000), tunnelMtu(9000, "gre")], [8920, 8896]);
  // The WireGuard device still takes the tunnels' packets: 1280 and the 50 bytes of VXLAN.
  assert.deepEqual([wgMtu(1300), tunnelMtu(1300, "gre"), tunnelMtu(1300, "vxlan")], [
    1330,
    1280,
    1280,
  ]);
});

Deno.test("desiredState() remembers by a parameter of its own what the kernel's WireGuard turns off", () => {
  const key = "net.ipv4.conf.all.send_redirects";
  const own = self(1);
  const other = { ...own, report: { ...own.report, wg: "userspace" as const } };
  assert.equal(desiredState(own, [], none).sysctls.get(key), "0");
  assert.equal(desiredState(other, [], none).sysctls.has(key), false);
});
