import assert from "node:assert/strict";
import { observeIp } from "../../lib/host/ip_observe.ts";
import { FakeExec } from "./fake_exec.ts";

const link = (mtu: number) =>
  JSON.stringify([{
    ifname: "eth0",
    flags: ["UP"],
    mtu,
    addr_info: [{ family: "inet", local: "192.0.2.1", prefixlen: 24, scope: "global" }],
  }]);
const said = (stdout: string) => ({ code: 0, stdout, stderr: "" });

function host(mtu: number): FakeExec {
  const netconf = JSON.stringify([
    { family: "inet", interface: "all", forwarding: true, rp_filter: "loose" },
    { family: "inet6", interface: "all", forwarding: false },
  ]);
  const route = JSON.stringify([{ dst: "default", dev: "eth0", protocol: "ra" }]);
  return new FakeExec({
    "ip -j -d -batch -": said(`${link(mtu)}\n${netconf}\n`),
    "ip -4 -j -batch -": said("[]\n[]\n[]\n[]\n"),
    "ip -6 -j -batch -": said(`[]\n[]\n${route}\n[]\n`),
  });
}

Deno.test("observeIp() reads devices, addresses, parameters and where the default route came from", async () => {
  const { network, sysctls, links } = await observeIp(host(1500));
  assert.equal(links.size, 0, "eth0 is not meshover's");
  assert.deepEqual(network.addresses.map((a) => [a.dev, a.address]), [["eth0", "192.0.2.1/24"]]);
  assert.deepEqual([network.outwardDevices, network.raDevices], [["eth0"], ["eth0"]]);
  assert.deepEqual(Object.fromEntries(sysctls), {
    "net.ipv4.ip_forward": "1",
    "net.ipv4.conf.all.rp_filter": "2",
    "net.ipv6.conf.all.forwarding": "0",
  });
});

Deno.test("observeIp() gives the same object as long as ip says the same, and another one when it does not", async () => {
  const [first, second] = [await observeIp(host(1500)), await observeIp(host(1500))];
  assert.equal(first, second);
  const third = await observeIp(host(1400));
  assert.notEqual(first, third);
  assert.equal(third.network.mtus.get("eth0"), 1400);
});

Deno.test("observeIp() knows addresses that do not last, or cannot be used yet, from those that can be given to peers", async () => {
  const inet6 = (last: string, facts: Record<string, unknown>) => ({
    family: "inet6",
    local: `2001:db8::${last}`,
    prefixlen: 64,
    scope: "global",
    ...facts,
  });
  const addresses = [
    inet6("1", {}),
    inet6("2", { deprecated: true }),
    inet6("3", { temporary: true }),
    inet6("4", { tentative: true }),
    inet6("5", { dadfailed: true, tentative: true }),
    inet6("6", { dynamic: true, mngtmpaddr: true }),
    { family: "inet6", local: "fe80::1", prefixlen: 64, scope: "link" },
  ];
  const links = JSON.stringify([{
    ifname: "eth0",
    flags: ["UP"],
    mtu: 1500,
    addr_info: addresses,
  }]);
  const exec = new FakeExec({
    "ip -j -d -batch -": said(`${links}\n[]\n`),
    "ip -4 -j -batch -": said("[]\n[]\n[]\n[]\n"),
    "ip -6 -j -batch -": said("[]\n[]\n[]\n[]\n"),
  });
  const { network } = await observeIp(exec);
  const stable = network.addresses.filter((a) => a.stable).map((a) => a.address);
  assert.deepEqual(stable, ["2001:db8::1/64", "2001:db8::6/64"]);
});

Deno.test("observeIp() finds the routes that FRR does not see among those that ip shows without their protocol", async () => {
  const rows = [
    { dst: "10.228.0.0/24", gateway: "10.228.0.13", dev: "cilium_host", flags: [] },
    { dst: "192.0.2.0/24", dev: "eth0", scope: "link", prefsrc: "192.0.2.1", flags: [] },
  ];
  const exec = new FakeExec({
    "ip -j -d -batch -": said(`${link(1500)}\n[]\n`),
    "ip -4 -j -batch -": said(`[]\n[]\n[]\n${JSON.stringify(rows)}\n`),
    "ip -6 -j -batch -": said("[]\n[]\n[]\n[]\n"),
  });
  assert.deepEqual((await observeIp(exec)).network.unseenByFrr, ["10.228.0.0/24"]);
});
