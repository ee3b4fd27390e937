import type { IpAddress } from "../../lib/model/address.ts";
import type { Prefix } from "../../lib/model/prefix.ts";
import type { DoctorFacts } from "../../lib/plan/doctor_facts.ts";

/** A machine on which nothing is wrong, with changes. */
export function facts(change: Partial<DoctorFacts> = {}): DoctorFacts {
  return {
    uid: 0,
    kernel: "Linux 6.12.0",
    programs: [
      { program: "ip", version: "6.1.0" },
      { program: "wg", version: "1.0.20210914" },
      { program: "nft", version: "1.0.6" },
      { program: "wireguard-go", version: undefined },
    ],
    capabilities: {
      wireguard: true,
      wireguardGo: false,
      gre: true,
      vxlan: true,
      dummy: true,
      ifb: true,
    },
    modulesOnDisk: [],
    wishes: { wg: "auto", tunnel: "auto" },
    frr: { backend: "system", version: "10.3", engineError: undefined, missingDaemons: [] },
    firewall: true,
    wgPort: 12912,
    udp: [],
    bgp: [],
    wgDevices: [],
    ipv6: { enabled: true },
    underlay: {
      candidates: ["2001:db8::1", "192.0.2.1"] as IpAddress[],
      devices: ["eth0"],
      prefixes: ["192.0.2.0/24", "2001:db8::/64"] as Prefix[],
      mtu: 1500,
    },
    underlayProblem: undefined,
    forwarding: { ipv4: true, ipv6: true, rpFilter: "0", advertised: new Map([["eth0", "2"]]) },
    ntpSynchronised: true,
    controller: {
      url: "https://controller.example:8080",
      unreachable: undefined,
      refusal: undefined,
      knowsNode: true,
      clockAheadS: 0.2,
    },
    paths: [{ peer: "node2", small: true, large: true, mtu: 1396 }],
    pools: ["10.192.0.0/12", "10.128.0.0/12", "fd00:beef:beef::/48"] as Prefix[],
    peerPrefixes: ["10.128.0.2/32", "fd00:beef:beef:2::/64", "10.192.0.2/32"] as Prefix[],
    routes: [
      route("10.192.0.2/32", { dev: "meshover0", protocol: "129" }),
      route("10.128.0.2/32", { dev: "meshover0-tun2", protocol: "bgp" }),
      route("192.0.2.0/24", { dev: "eth0", protocol: "kernel" }),
    ],
    dropping: [],
    docker: false,
    cilium: { present: false, tunnelDevice: undefined, config: undefined },
    coil: undefined,
    agent: { statusAgeS: 3, failed: [] },
    stateDir: {
      path: "/var/lib/meshover",
      exists: true,
      problem: undefined,
      open: false,
      exposed: [],
      freeBytes: 1e9,
    },
    ...change,
  };
}

/** A route of the main table. */
export function route(
  dst: string,
  how: { readonly dev: string; readonly protocol?: string; readonly table?: string },
): DoctorFacts["routes"][number] {
  return {
    dst: dst as Prefix,
    dev: how.dev,
    protocol: how.protocol ?? "static",
    table: how.table ?? "main",
  };
}
