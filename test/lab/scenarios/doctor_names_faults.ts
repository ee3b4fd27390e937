import assert from "node:assert/strict";
import { z } from "zod";
import type { LabHost } from "../lab_host.ts";
import { type Mesh, STATE_DIR } from "../mesh.ts";
import type { Scenario } from "../scenario.ts";
import { waitFor } from "../wait_for.ts";

const findingsSchema = z.object({
  verdict: z.enum(["ok", "warning", "failed"]),
  checks: z.array(z.object({
    id: z.string(),
    verdict: z.enum(["ok", "warning", "failed"]),
    found: z.string(),
    remedy: z.string().nullable(),
  })),
});

/** A fault made for real, and what the doctor must say of it. */
interface Fault {
  readonly id: string;
  readonly verdict: "warning" | "failed";
  readonly found: RegExp;
  readonly make: string;
  readonly undo: string;
  /** Words of the command line besides the usual ones. */
  readonly args?: readonly string[];
}

/** Everything in /usr/bin but one program. */
function without(program: string): string {
  return `mkdir -p /run/lab/all /run/lab/some; mount --bind /usr/bin /run/lab/all
    ln -s /run/lab/all/* /run/lab/some; rm /run/lab/some/${program}; mount --bind /run/lab/some /usr/bin`;
}

function faults(peer: string): readonly Fault[] {
  return [
    {
      id: "programs",
      verdict: "failed",
      found: /missing: wg/,
      make: without("wg"),
      undo: "umount /usr/bin",
    },
    {
      id: "frr",
      verdict: "failed",
      found: /bfdd not installed/,
      make: "mount --bind /dev/null /usr/lib/frr/bfdd",
      undo: "umount /usr/lib/frr/bfdd",
    },
    {
      id: "frr",
      verdict: "failed",
      found: /no-such-engine|not installed|does not answer/,
      make: "true",
      undo: "true",
      args: ["--frr", "nerdctl"],
    },
    {
      id: "state",
      verdict: "failed",
      found: /others than root may read wireguard\.key/,
      make: `chmod 644 ${STATE_DIR}/wireguard.key`,
      undo: `chmod 600 ${STATE_DIR}/wireguard.key`,
    },
    {
      id: "state",
      verdict: "failed",
      found: /snapshot\.json is damaged/,
      make: `cd ${STATE_DIR}; cp snapshot.json keep; head -c 100 keep > snapshot.json`,
      undo: `cd ${STATE_DIR}; mv keep snapshot.json`,
    },
    {
      id: "underlay",
      verdict: "failed",
      found: /eth7 matches no address/,
      make: "true",
      undo: "true",
      args: ["--underlay", "eth7"],
    },
    {
      id: "ipv6",
      verdict: "failed",
      found: /IPv6 is disabled/,
      make: "sysctl -qw net.ipv6.conf.default.disable_ipv6=1",
      undo: "sysctl -qw net.ipv6.conf.default.disable_ipv6=0",
    },
    {
      id: "udp-port",
      verdict: "failed",
      found: /held by the kernel/,
      make:
        "ip link add vx7 type vxlan id 7 local 192.0.2.1 remote 192.0.2.2 dstport 3333; ip link set vx7 up",
      undo: "ip link del vx7",
      args: ["--wg-port", "3333"],
    },
    {
      id: "mtu",
      verdict: "warning",
      found: /1300 bytes leaves/,
      make: "ip link set eth0 mtu 1300",
      undo: "ip link set eth0 mtu 1500",
    },
    {
      id: "forwarding",
      verdict: "warning",
      found: /IPv4 forwarding is off, though/,
      make: "sysctl -qw net.ipv4.ip_forward=0",
      undo: "sysctl -qw net.ipv4.ip_forward=1",
    },
    {
      id: "forwarding",
      verdict: "failed",
      found: /eth0 takes its IPv6 default route from router advertisements/,
      make:
        "sysctl -qw net.ipv6.conf.eth0.accept_ra=1; ip -6 route add default via fe80::9 dev eth0 metric 99 proto ra",
      undo: "ip -6 route del default via fe80::9 dev eth0 metric 99",
    },
    {
      id: "routes",
      verdict: "warning",
      found: /10\.130\.0\.0\/24 by eth0/,
      make: "ip route add 10.130.0.0/24 dev eth0",
      undo: "ip route del 10.130.0.0/24 dev eth0",
    },
    {
      id: "routes",
      verdict: "failed",
      found: /takes packets away from a peer/,
      make: `ip route add ${peer}/32 dev eth0 proto static`,
      undo: `ip route del ${peer}/32 dev eth0 proto static`,
    },
    {
      id: "firewall",
      verdict: "warning",
      found: /nftables inet strict input/,
      make:
        "nft add table inet strict; nft 'add chain inet strict input { type filter hook input priority 10; policy drop; }; add rule inet strict input accept'",
      undo: "nft delete table inet strict",
    },
    {
      id: "docker",
      verdict: "warning",
      found: /nftables ip filter FORWARD drops forwarded.*which Docker sets/,
      make:
        "ip link add docker0 type bridge; nft add table ip filter; nft 'add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }'",
      undo: "nft delete table ip filter; ip link del docker0",
    },
    {
      id: "cilium",
      verdict: "failed",
      found: /cilium_vxlan/,
      make: "ip link add cilium_vxlan type bridge",
      undo: "ip link del cilium_vxlan",
    },
  ];
}

async function examine(mesh: Mesh, host: LabHost, args: readonly string[] = []) {
  const usual = ["--statedir", STATE_DIR, "--controlserver", mesh.url, "--insecure-http"];
  const result = await mesh.run(host, ["doctor", "--json", ...usual, ...args]);
  const findings = findingsSchema.parse(JSON.parse(result.stdout));
  assert.equal(result.code, findings.verdict === "failed" ? 1 : 0, "exit code");
  return findings.checks;
}

/** Each fault by itself: the check that is about it must change, and name it. */
async function tryFault(mesh: Mesh, host: LabHost, fault: Fault): Promise<void> {
  await host.shell(fault.make);
  const check = (await examine(mesh, host, fault.args)).find((c) => c.id === fault.id);
  await host.shell(fault.undo);
  assert.match(check?.found ?? "", fault.found);
  assert.equal(check?.verdict, fault.verdict);
  assert.notEqual(check?.remedy, null);
}

/** The doctor on real machines, with real faults. */
export const doctorNamesFaults: Scenario = {
  name: "doctor: content with a working node, and names each fault that is made",
  // Not in the virtual machine: eighteen runs of the doctor take minutes there and tell nothing more.
  places: ["bare"],
  play: async (lab) => {
    const mesh = await lab.mesh(2);
    const [host, other] = mesh.world.nodes as [LabHost, LabHost];
    await Promise.all(mesh.world.nodes.map((node) => mesh.startAgent(node)));
    const addresses = await mesh.settle();
    // More than once: the doctor tries each thing once and waits a second for an answer.
    await waitFor("the doctor is content", async () => {
      const checks = await examine(mesh, host);
      assert.deepEqual(checks.filter((c) => c.verdict === "failed"), []);
      assert.match(checks.find((c) => c.id === "controller")!.found, /answers and knows this node/);
      assert.match(checks.find((c) => c.id === "mtu")!.found, /get through to 1 of 1|under 1280/);
      return true;
    });

    // What is broken now must stay broken until the doctor has seen it.
    await mesh.agent(host).stop();
    for (const fault of faults(addresses.get(other.name)!.v4)) await tryFault(mesh, host, fault);
    await mesh.stopController();
    const checks = await examine(mesh, host);
    assert.match(checks.find((c) => c.id === "controller")!.found, /refused|no answer/);
  },
};
