import assert from "node:assert/strict";
import { droppingChains, parseNftChains } from "../../lib/host/doctor_filters.ts";
import { findFrr, findPrograms } from "../../lib/host/doctor_programs.ts";
import { allRoutes } from "../../lib/host/doctor_routes.ts";
import { listeners, wireguardDevices } from "../../lib/host/doctor_sockets.ts";
import { findCilium, ntpSynchronised } from "../../lib/host/doctor_surroundings.ts";
import type { Exec, ExecResult } from "../../lib/host/exec.ts";
import { MissingProgramError } from "../../lib/host/exec.ts";

/** A machine that has only the programs of the table. */
class Machine implements Exec {
  constructor(private readonly answers: Readonly<Record<string, string | ExecResult>>) {}

  run(argv: readonly string[]): Promise<ExecResult> {
    const answer = this.answers[argv.join(" ")];
    if (answer === undefined) return Promise.reject(new MissingProgramError(argv[0]!));
    return Promise.resolve(
      typeof answer === "string" ? { code: 0, stdout: answer, stderr: "" } : answer,
    );
  }

  watch(): Promise<void> {
    return Promise.reject(new Error("nothing is watched here"));
  }
}

Deno.test("findPrograms() tells versions, and undefined for what is not installed", async () => {
  const found = await findPrograms(
    new Machine({
      "ip -V": "ip utility, iproute2-6.1.0, libbpf 1.1.2\n",
      "wg --version": "wireguard-tools v1.0.20210914 - https://example.org\n",
    }),
  );
  const versions = Object.fromEntries(found.map((p) => [p.program, p.version]));
  assert.equal(versions["ip"], "6.1.0");
  assert.equal(versions["wg"], "1.0.20210914");
  assert.equal(versions["nft"], undefined);
});

Deno.test("findFrr() names the daemons that a half installed FRR lacks", async () => {
  const found = await findFrr(
    new Machine({
      "/usr/lib/frr/zebra --version": "zebra version 8.4.4\n",
      "/usr/lib/frr/bgpd --version": "bgpd version 8.4.4\n",
    }),
    "system",
  );
  assert.deepEqual([found.version, found.missingDaemons], ["8.4.4", ["bfdd"]]);
});

Deno.test("findFrr() says what an engine says that does not answer", async () => {
  const machine = new Machine({
    "docker --version": "Docker version 27.1.1, build 6312585\n",
    "docker info": {
      code: 1,
      stdout: "Client:\n",
      stderr: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock.\n",
    },
  });
  const found = await findFrr(machine, "docker");
  assert.equal(found.version, "27.1.1");
  assert.match(found.engineError ?? "", /^Cannot connect/);
  assert.equal((await findFrr(new Machine({}), "podman")).version, undefined);
});

Deno.test("listeners() tells programs from sockets of the kernel", async () => {
  const line = 'UNCONN 0 0 0.0.0.0:12912 0.0.0.0:* users:(("openvpn",pid=7,fd=8))\n' +
    "UNCONN 0 0 [::]:12912 [::]:*\n";
  const machine = new Machine({ "ss -H -l -n -p -u sport = :12912": line });
  assert.deepEqual(await listeners(machine, { protocol: "udp", port: 12912 }), [
    { program: "openvpn", local: "0.0.0.0:12912" },
    { program: undefined, local: "[::]:12912" },
  ]);
});

Deno.test("wireguardDevices() reads every device's port", async () => {
  const machine = new Machine({ "wg show all listen-port": "meshover0\t12912\nwg0\t51820\n" });
  assert.deepEqual(await wireguardDevices(machine), [
    { name: "meshover0", port: 12912 },
    { name: "wg0", port: 51820 },
  ]);
});

Deno.test("allRoutes() keeps foreign tables, leaves out local ones, and finds advertised defaults", async () => {
  const four = [
    { dst: "10.128.0.2", dev: "meshover0-tun2", protocol: "bgp" },
    { dst: "127.0.0.0/8", dev: "lo", protocol: "kernel", table: "local" },
    { dst: "10.130.0.0/24", dev: "br0", protocol: "kernel", table: "100" },
  ];
  const six = [{ dst: "default", gateway: "fe80::1", dev: "eth0", protocol: "ra" }];
  const machine = new Machine({
    "ip -j -4 route show table all": JSON.stringify(four),
    "ip -j -6 route show table all": JSON.stringify(six),
  });
  const { routes, advertised } = await allRoutes(machine);
  assert.deepEqual(routes, [
    { dst: "10.128.0.2/32", dev: "meshover0-tun2", protocol: "bgp", table: "main" },
    { dst: "10.130.0.0/24", dev: "br0", protocol: "kernel", table: "100" },
  ]);
  assert.deepEqual(advertised, ["eth0"]);
});

Deno.test("parseNftChains() finds chains that drop, and leaves meshover's out", () => {
  const chain = (family: string, table: string, more: Record<string, string>) => ({
    chain: { family, table, name: "c", handle: 1, ...more },
  });
  const text = JSON.stringify({
    nftables: [
      { metainfo: { version: "1.0.6" } },
      chain("ip", "filter", { hook: "forward", policy: "drop" }),
      chain("inet", "meshover", { hook: "input", policy: "drop" }),
      chain("inet", "open", { hook: "input", policy: "accept" }),
      chain("inet", "plain", {}),
    ],
  });
  assert.deepEqual(parseNftChains(text), [{ hook: "forward", name: "nftables ip filter c" }]);
  assert.deepEqual(parseNftChains("not JSON"), []);
});

Deno.test("droppingChains() asks the old iptables only where they are the old ones", async () => {
  const policies = "-P INPUT ACCEPT\n-P FORWARD DROP\n-A FORWARD -j DOCKER\n";
  const legacy = new Machine({
    "iptables -V": "iptables v1.8.9 (legacy)\n",
    "iptables -S": policies,
  });
  assert.deepEqual(await droppingChains(legacy), [{ hook: "forward", name: "iptables FORWARD" }]);
  const modern = new Machine({ "iptables -V": "iptables v1.8.9 (nf_tables)\n" });
  assert.deepEqual(await droppingChains(modern), []);
});

Deno.test("findCilium() reads its settings only where its devices are", async () => {
  const data = { "routing-mode": "native" };
  const kubectl = "kubectl --request-timeout=3s -n kube-system get configmap cilium-config -o json";
  const machine = new Machine({ [kubectl]: JSON.stringify({ data }) });
  assert.deepEqual((await findCilium(machine, ["eth0"])).present, false);
  assert.deepEqual((await findCilium(machine, ["cilium_host"])).config, data);
  const tunnels = await findCilium(new Machine({}), ["cilium_host", "cilium_vxlan"]);
  assert.deepEqual([tunnels.tunnelDevice, tunnels.config], ["cilium_vxlan", undefined]);
});

Deno.test("ntpSynchronised() is undefined where systemd does not run", async () => {
  const command = "timedatectl show -p NTPSynchronized --value";
  assert.equal(await ntpSynchronised(new Machine({ [command]: "yes\n" })), true);
  assert.equal(await ntpSynchronised(new Machine({ [command]: "no\n" })), false);
  const noBus = { code: 1, stdout: "", stderr: "Failed to connect to bus" };
  assert.equal(await ntpSynchronised(new Machine({ [command]: noBus })), undefined);
});
