import { parseAsn } from "../../lib/model/asn.ts";
import { parseHostName } from "../../lib/model/host_name.ts";
import type { FrrInput, FrrTunnel } from "../../lib/plan/frr_conf.ts";
import { type Exec, runOrThrow } from "../../lib/host/exec.ts";
import { FrrLab, type FrrNode, until } from "../../test/lab/frr/frr_lab.ts";

/** All peers of the crowd are one bgpd, so they have one AS number. */
const CROWD_ASN = 4_200_009_999;

/** Room for the sessions of fifty peers to come up. */
const SETTLE_MS = 120_000;

/** A node whose FRR has a session with each of many peers, which are the far ends of as many tunnels on one other host. */
export class Crowd implements AsyncDisposable {
  #peers = 0;

  private constructor(
    private readonly lab: FrrLab,
    /** The node that is watched. */
    readonly node: FrrNode,
    private readonly others: FrrNode,
  ) {}

  /** Brings up `peers` peers and waits until every one has its session and its prefix is in use. */
  static async make(peers: number): Promise<Crowd> {
    const lab = await FrrLab.make(2);
    const crowd = new Crowd(lab, lab.node(1), lab.node(2));
    try {
      await Promise.all(lab.nodes.map((node) => node.frr.ensureRunning()));
      await crowd.others.frr.apply(greeting());
      await crowd.addTunnels(peers);
      await crowd.node.configure(crowd.input());
      await crowd.linkUp(1);
      await crowd.settle();
      return crowd;
    } catch (error) {
      await crowd[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Makes the tunnels of further peers, both ends down, and lets zebra learn of them, as the agent does. */
  async addTunnels(count: number): Promise<void> {
    const added = Array.from({ length: count }, (_, i) => this.#peers + 1 + i);
    this.#peers += count;
    const ends = [[this.node, 1, 2], [this.others, 2, 1]] as const;
    for (const [node, self, other] of ends) {
      await ipBatch(node.exec, added.flatMap((peer) => tunnel(peer, { self, other })));
      await node.frr.waitUntilSeen(added.map(deviceOf));
    }
    await this.others.frr.apply(added.flatMap(farEnd));
  }

  /** Brings up the tunnels of the peers from this number on. */
  async linkUp(from: number): Promise<void> {
    const lines = [];
    for (let peer = from; peer <= this.#peers; peer++) {
      lines.push(`link set ${deviceOf(peer)} up`);
    }
    for (const node of [this.others, this.node]) await ipBatch(node.exec, lines);
  }

  /** What the node's FRR is configured from. */
  input(): FrrInput {
    const tunnels = Array.from({ length: this.#peers }, (_, i): FrrTunnel => ({
      name: deviceOf(i + 1),
      peerNumber: 101 + i,
      peerName: parseHostName(`far${i + 1}`),
      peerAsn: parseAsn(String(CROWD_ASN)),
    }));
    return this.node.input([], { tunnels });
  }

  /** Waits until every peer has its session and its address answers. */
  async settle(): Promise<void> {
    await until(
      `${this.#peers} sessions`,
      async () => (await this.node.established()).length === this.#peers,
      SETTLE_MS,
    );
    await until(
      `${this.#peers} addresses`,
      async () => {
        const routes = await this.node.frr.routes();
        return routes.filter(({ protocol, prefix }) =>
          protocol === "bgp" && prefix.startsWith("10.129.")
        ).length === this.#peers;
      },
      SETTLE_MS,
    );
  }

  /** How often each session of the node has been lost since it started, by tunnel. */
  async dropped(): Promise<ReadonlyMap<string, number>> {
    const sessions = await this.node.frr.sessions();
    return new Map([...sessions].map(([tunnel, { dropped }]) => [tunnel, dropped]));
  }

  /** Ends everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.lab[Symbol.asyncDispose]();
  }
}

/** Address of a peer of the crowd. */
export function addressOf(peer: number): string {
  return `10.129.0.${peer}`;
}

function deviceOf(peer: number): string {
  // Beside the tunnel that the two hosts have in any case.
  return `meshover0-${100 + peer}`;
}

async function ipBatch(exec: Exec, lines: readonly string[]): Promise<void> {
  await runOrThrow(exec, ["ip", "-batch", "-"], { stdin: `${lines.join("\n")}\n` });
}

function tunnel(peer: number, ends: { readonly self: number; readonly other: number }): string[] {
  const { self, other } = ends;
  const device = deviceOf(peer);
  const way = `id ${1000 + peer} local 10.99.0.${self} remote 10.99.0.${other} dstport 12914`;
  const address = self === 1 ? "10.128.0.1" : addressOf(peer);
  return [
    `link add ${device} type vxlan ${way} nolearning`,
    `addr add ${address}/32 dev ${device}`,
  ];
}

/** What the crowd's one bgpd has for all peers. */
function greeting(): string[] {
  return [
    `router bgp ${CROWD_ASN}`,
    " bgp router-id 10.128.0.2",
    " no bgp ebgp-requires-policy",
    " coalesce-time 50",
    " neighbor node peer-group",
    " neighbor node remote-as external",
    " neighbor node bfd",
    " neighbor node timers connect 5",
    " neighbor node capability extended-nexthop",
    " no bgp network import-check",
    "exit",
  ];
}

/** One peer of the crowd: it announces its own address and nothing of the others'. */
function farEnd(peer: number): string[] {
  const device = deviceOf(peer);
  return [
    `ip prefix-list far${peer} permit ${addressOf(peer)}/32`,
    `interface ${device}`,
    " no ipv6 nd suppress-ra",
    " ipv6 nd ra-interval 3",
    "exit",
    `router bgp ${CROWD_ASN}`,
    ` neighbor ${device} interface v6only peer-group node`,
    " address-family ipv4 unicast",
    `  network ${addressOf(peer)}/32`,
    `  neighbor ${device} prefix-list far${peer} out`,
    " exit-address-family",
    "exit",
  ];
}
