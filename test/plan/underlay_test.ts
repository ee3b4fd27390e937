import assert from "node:assert/strict";
import { parseAddress } from "../../lib/model/address.ts";
import { parseInterfaceAddress, parsePrefix } from "../../lib/model/prefix.ts";
import { rankEndpoints } from "../../lib/plan/endpoint.ts";
import { findUnderlay, type HostNetwork } from "../../lib/plan/underlay.ts";

const OVERLAY = ["10.128.0.0/12", "10.192.0.0/12", "fd00:beef:beef::/48"].map(parsePrefix);

function host(addresses: readonly (readonly [string, string, boolean?])[]): HostNetwork {
  return {
    addresses: addresses.map(([address, dev, stable = true]) => ({
      address: parseInterfaceAddress(address),
      dev,
      stable,
    })),
    mtus: new Map(),
    outwardDevices: ["eth0"],
    raDevices: [],
    unseenByFrr: [],
    foreignCoilVrf: false,
  };
}

Deno.test("findUnderlay() offers stable addresses of devices that lead out, IPv6 first, and none of the overlay", () => {
  const network = host([
    ["198.51.100.1/24", "eth0"],
    ["2001:db8::1/64", "eth0"],
    // Deprecated, temporary or tentative.
    ["2001:db8::dead/64", "eth0", false],
    ["10.130.0.1/32", "dummy-meshover0"],
    ["10.200.0.1/32", "meshover0"],
    // What another program put on a device that leads out is an address of the overlay all the same.
    ["10.130.0.9/32", "eth0"],
    ["fd00:beef:beef:7::1/64", "eth0"],
    ["172.17.0.1/16", "docker0"],
    ["192.168.9.1/24", "br0"],
  ]);
  const { candidates } = findUnderlay(network, { choices: [], overlay: OVERLAY });
  assert.deepEqual(candidates, ["2001:db8::1", "198.51.100.1"]);
});

Deno.test("findUnderlay() takes what --underlay says, as prefix, address or interface, and refuses what matches nothing", () => {
  const network = host([
    ["198.51.100.1/24", "eth0"],
    ["203.0.113.1/24", "eth1"],
    ["2001:db8::1/64", "eth1"],
    ["2001:db8::dead/64", "eth1", false],
  ]);
  const chosen = (choice: string) =>
    findUnderlay(network, { choices: [choice], overlay: OVERLAY }).candidates;
  assert.deepEqual(chosen("eth1"), ["2001:db8::1", "203.0.113.1"]);
  assert.deepEqual(chosen("203.0.113.1"), ["203.0.113.1"]);
  assert.deepEqual(chosen("198.51.100.0/24"), ["198.51.100.1"]);
  assert.throws(() => chosen("192.0.2.0/24"), /matches no address of this host; there is 198\.51/);
  assert.throws(() => chosen("2001:db8::dead"), /matches no address/);
});

Deno.test("rankEndpoints() gives the best address that both ends have a family for, the seen one included", () => {
  const peer = {
    candidates: ["192.168.1.2", "198.51.100.2", "2001:db8:2::2"].map(parseAddress),
    seenAddress: parseAddress("203.0.113.2"),
  };
  const own = (...addresses: string[]) =>
    findUnderlay(host(addresses.map((a) => [a, "eth0"] as const)), {
      choices: [],
      overlay: OVERLAY,
    });
  const best = (...addresses: string[]) => rankEndpoints(peer, own(...addresses))[0];
  assert.equal(best("198.51.100.9/25", "2001:db8:1::1/64"), "198.51.100.2", "the same network");
  assert.equal(best("203.0.113.77/30", "2001:db8:1::1/64"), "2001:db8:2::2", "public IPv6");
  assert.equal(best("203.0.113.77/30"), "198.51.100.2", "public IPv4");
  assert.equal(best("192.168.1.9/24"), "192.168.1.2", "the same site");
  assert.equal(best("2001:db8:1::1/64"), "2001:db8:2::2");
});
