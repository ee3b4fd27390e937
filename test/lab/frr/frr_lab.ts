import { StateDir } from "../../../lib/host/state_dir.ts";
import { type Exec, runOrThrow, SystemExec } from "../../../lib/host/exec.ts";
import { Frr } from "../../../lib/host/frr.ts";
import type { FrrBackend } from "../../../lib/host/frr_backend.ts";
import { FrrSystem } from "../../../lib/host/frr_system.ts";
import { type FrrInput, type FrrTunnel, renderFrrConf } from "../../../lib/plan/frr_conf.ts";
import { type AppliedFrrConf, diffFrrConf } from "../../../lib/plan/frr_diff.ts";
import { networkOf, parseInterfaceAddress, parsePrefix } from "../../../lib/model/prefix.ts";
import { parseAddress } from "../../../lib/model/address.ts";
import { parseAsn } from "../../../lib/model/asn.ts";
import { parseHostName } from "../../../lib/model/host_name.ts";

const root = new SystemExec();

/** Why the tests on real FRR cannot run here; undefined when they can. */
export async function whyNoFrr(): Promise<string | undefined> {
  if ((await root.run(["id", "-u"])).stdout.trim() !== "0") return "needs root";
  const found = await root.run(["test", "-x", "/usr/lib/frr/bgpd"]);
  return found.code === 0 ? undefined : "needs FRR (apt install frr)";
}

/** The default template. */
export const TEMPLATE: string = await Deno.readTextFile(
  new URL("../../../conf/frr.conf", import.meta.url),
);

/** For tests that are not about BFD: its default takes a machine that stalls for a dead path. */
export const WAN = { bfd: "wan" } as const;

/** Asks until `done`, for at most `withinMs`. @throws when it never was. */
export async function until(
  what: string,
  done: () => Promise<boolean>,
  withinMs = 60_000,
): Promise<number> {
  const start = performance.now();
  while (!await done()) {
    if (performance.now() - start > withinMs) {
      throw new Error(`never within ${withinMs} ms: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return performance.now() - start;
}

/** A node: a network namespace with its own mounts, a loopback-like device and FRR. */
export class FrrNode {
  readonly exec: Exec;
  frr: Frr;
  applied: AppliedFrrConf | undefined;
  #text = "";

  constructor(
    readonly number: number,
    readonly namespace: string,
    private readonly keeper: Deno.ChildProcess,
    readonly stateDir: string,
  ) {
    this.exec = new SystemExec(this.enter());
    const dir = new StateDir(stateDir);
    this.frr = this.frrOf(new FrrSystem({ exec: this.exec, dir }));
  }

  /** FRR run in another way than as daemons of the namespace. */
  frrOf(backend: FrrBackend): Frr {
    return new Frr({ exec: this.exec, backend, now: () => performance.now() });
  }

  /** What its configuration is made from, with tunnels to these peers. */
  input(peers: readonly number[], more: Partial<FrrInput> = {}): FrrInput {
    const number = this.number;
    return {
      hostname: parseHostName(`n${number}`),
      asn: parseAsn(String(4_200_000_000 + number)),
      routerId: parseAddress(`10.128.0.${number}`),
      nodeAddresses: [
        parsePrefix(`10.128.0.${number}/32`),
        networkOf(parseInterfaceAddress(`fd00:beef:beef:${number}::1/64`)),
      ],
      tunnels: peers.map((peer): FrrTunnel => ({
        name: `meshover0-tun${peer}`,
        peerNumber: peer,
        peerName: parseHostName(`n${peer}`),
        peerAsn: parseAsn(String(4_200_000_000 + peer)),
      })),
      underlayDevices: ["eth0"],
      underlayPrefixes: [parsePrefix("10.99.0.0/24")],
      endpoints: peers.map((peer) => parseAddress(`10.99.0.${peer}`)),
      tunnelPools: [parsePrefix("10.192.0.0/12")],
      nodePools: [parsePrefix("10.128.0.0/12"), parsePrefix("fd00:beef:beef::/48")],
      ...more,
    };
  }

  /** Brings FRR to a configuration as the agent does; returns the lines that were needed. */
  async configure(input: FrrInput, template: string = TEMPLATE): Promise<readonly string[]> {
    this.#text = renderFrrConf(template, input);
    const lines = await this.pending();
    await this.frr.apply(lines);
    this.applied = { text: this.#text, runningAfter: await this.frr.running() ?? "" };
    return lines;
  }

  /** The lines that are still needed for the last configuration. */
  async pending(): Promise<readonly string[]> {
    const running = await this.frr.running() ?? "";
    return diffFrrConf({ desired: this.#text, applied: this.applied, running });
  }

  /** The words that run a command inside the node. */
  enter(...argv: readonly string[]): readonly string[] {
    return ["nsenter", "-t", String(this.keeper.pid), "-m", "-n", "-r", "-w", ...argv];
  }

  run(...argv: string[]): Promise<string> {
    // Generous: an emulated machine that others load as well is slow.
    return runOrThrow(this.exec, argv, { timeoutMs: 60_000 });
  }

  async established(): Promise<readonly string[]> {
    return [...(await this.frr.sessions()).values()]
      .filter(({ state }) => state === "Established").map(({ tunnel }) => tunnel).sort();
  }

  async pings(address: string): Promise<boolean> {
    return (await this.exec.run(["ping", "-c1", "-W1", address])).code === 0;
  }

  async close(): Promise<void> {
    const pids = (await root.run(["ip", "netns", "pids", this.namespace])).stdout.split("\n")
      .filter(Boolean);
    for (const pid of pids) killIfThere(Number(pid));
    await this.keeper.status;
    await until(
      "namespace empty",
      async () => (await root.run(["ip", "netns", "pids", this.namespace])).stdout.trim() === "",
    );
    await root.run(["ip", "netns", "del", this.namespace]);
    await Deno.remove(this.stateDir, { recursive: true });
  }
}

/**
 * Another root file system that the nodes run in, so that another release's FRR can be tried without a virtual machine:
 * `mmdebstrap --variant=minbase --include=frr,iproute2,iputils-ping,nftables,procps trixie DIR`.
 */
const ROOT = Deno.env.get("MESHOVER_LAB_ROOT") ?? "";

const PRIVATE_MOUNTS = `set -e
if [ -n "${ROOT}" ]; then
  for d in proc sys dev; do mount --rbind /$d ${ROOT}/$d; done
fi
mount -t tmpfs t ${ROOT}/run
mkdir -p ${ROOT}/run/frr ${ROOT}/etc/frr
mount -t tmpfs t ${ROOT}/etc/frr
exec ${ROOT === "" ? "" : `chroot ${ROOT} `}sleep infinity`;

/** One process ends with another of the list, or by itself since the list was made. */
function killIfThere(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Some nodes on one bridge, every one with a vxlan tunnel to every other, which stay down until {@link FrrLab.linkUp}. */
export class FrrLab {
  private constructor(readonly nodes: readonly FrrNode[], private readonly bridge: string) {}

  static async make(count: number): Promise<FrrLab> {
    // Not counted: the devices of a lab that was taken away go a moment later, and every test file counts anew.
    const id = `frr${crypto.getRandomValues(new Uint8Array(4)).toHex()}`;
    await runOrThrow(root, ["ip", "link", "add", id, "type", "bridge"]);
    await runOrThrow(root, ["ip", "link", "set", id, "up"]);
    const nodes: FrrNode[] = [];
    for (let number = 1; number <= count; number++) {
      nodes.push(await makeNode(number, id));
    }
    const lab = new FrrLab(nodes, id);
    for (const node of nodes) {
      for (const peer of nodes) if (peer !== node) await lab.addTunnel(node, peer);
    }
    return lab;
  }

  node(number: number): FrrNode {
    return this.nodes[number - 1]!;
  }

  async addTunnel(node: FrrNode, peer: FrrNode): Promise<void> {
    const name = `meshover0-tun${peer.number}`;
    await node.run(
      "ip",
      "link",
      "add",
      name,
      "type",
      "vxlan",
      "id",
      `${node.number + peer.number}`,
      "local",
      `10.99.0.${node.number}`,
      "remote",
      `10.99.0.${peer.number}`,
      "dstport",
      "12913",
      "nolearning",
    );
    await node.run("ip", "addr", "add", `10.128.0.${node.number}/32`, "dev", name);
  }

  /** Brings up both ends of these tunnels; each pair is two node numbers. */
  async linkUp(...pairs: readonly [number, number][]): Promise<void> {
    for (const [a, b] of pairs) {
      await this.node(a).run("ip", "link", "set", `meshover0-tun${b}`, "up");
      await this.node(b).run("ip", "link", "set", `meshover0-tun${a}`, "up");
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.nodes) await node.close();
    await root.run(["ip", "link", "del", this.bridge]);
  }
}

async function makeNode(number: number, id: string): Promise<FrrNode> {
  const namespace = `${id}n${number}`;
  const port = `${id}v${number}`;
  await runOrThrow(root, ["ip", "netns", "add", namespace]);
  // Not "ip netns exec": it mounts /sys anew, which container runtimes do not take.
  const keeper = new Deno.Command("nsenter", {
    args: [`--net=/run/netns/${namespace}`, "unshare", "-m", "sh", "-c", PRIVATE_MOUNTS],
    stdout: "null",
    stderr: "null",
  }).spawn();
  const node = new FrrNode(number, namespace, keeper, await Deno.makeTempDir());
  await runOrThrow(root, [
    "ip",
    "link",
    "add",
    port,
    "type",
    "veth",
    "peer",
    "name",
    "eth0",
    "netns",
    namespace,
  ]);
  await runOrThrow(root, ["ip", "link", "set", port, "master", id, "up"]);
  await until(
    "private mounts",
    async () => (await node.exec.run(["mountpoint", "-q", "/etc/frr"])).code === 0,
  );
  await node.run(
    "sh",
    "-c",
    `
    ip link set lo up
    ip addr add 10.99.0.${number}/24 dev eth0 && ip link set eth0 up
    ip link add dummy-meshover0 type dummy 2>/dev/null || ip link add dummy-meshover0 type ifb
    ip addr add 10.128.0.${number}/32 dev dummy-meshover0
    ip addr add fd00:beef:beef:${number}::1/64 nodad dev dummy-meshover0
    ip link set dummy-meshover0 up
    sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0`,
  );
  return node;
}
