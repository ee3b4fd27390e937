import { LabHost } from "./lab_host.ts";

/** What the underlay of a world looks like. */
export interface WorldOptions {
  /** Number of nodes to begin with: node1, node2, … */
  readonly nodes: number;
}

/** A machine behind a node, for example a virtual machine with a prefix of its own. */
export interface Guest {
  readonly host: LabHost;
  /** Address that the guest answers on. */
  readonly address: string;
  /** Prefix that the guest stands for. */
  readonly prefix: string;
}

/** The underlay: one Ethernet with IPv4 and IPv6, as a data centre or a provider gives it. */
const UNDERLAY = { v4: "172.30.0.", v6: "2001:db8:30::", bridge: "underlay" } as const;
const FIRST_NODE = 1;
const CONTROLLER = 200;
const GATEWAY = 254;

/**
 * Several hosts on one underlay: nodes, and a controller's. All of it lives in namespaces without names that end with this
 * process, so worlds do not see each other and nothing can be left behind.
 */
export class World implements AsyncDisposable {
  /** Switch and gateway of the underlay. */
  readonly #hub: LabHost;
  /** The host that the controller runs on. */
  readonly controller: LabHost;
  readonly #nodes = new Map<string, { readonly host: LabHost; readonly number: number }>();
  readonly #guests = new Set<LabHost>();
  #lastNode = FIRST_NODE - 1;
  #lastLink = 0;

  private constructor(hub: LabHost, controller: LabHost) {
    this.#hub = hub;
    this.controller = controller;
  }

  /** Makes a world; needs root. */
  static async create(options: WorldOptions): Promise<World> {
    const [hub, controller] = await Promise.all([
      LabHost.create("underlay"),
      LabHost.create("controller"),
    ]);
    const world = new World(hub, controller);
    try {
      await hub.shell(`
        ip link add ${UNDERLAY.bridge} type bridge
        ip link set ${UNDERLAY.bridge} up
        ip addr add ${UNDERLAY.v4}${GATEWAY}/24 dev ${UNDERLAY.bridge}
        ip addr add ${UNDERLAY.v6}${GATEWAY.toString(16)}/64 dev ${UNDERLAY.bridge} nodad`);
      await world.#plugIn(controller, CONTROLLER);
      const names = Array.from({ length: options.nodes }, (_, i) => `node${FIRST_NODE + i}`);
      await Promise.all(names.map((name) => world.addNode(name)));
      return world;
    } catch (error) {
      await world[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Adds a node to the underlay. */
  async addNode(name: string): Promise<LabHost> {
    const number = ++this.#lastNode;
    const host = await LabHost.create(name);
    this.#nodes.set(name, { host, number });
    await this.#plugIn(host, number);
    return host;
  }

  /** The node of this name. */
  node(name: string): LabHost {
    const node = this.#nodes.get(name);
    if (node === undefined) {
      throw new Error(
        `No node "${name}" in this world; there are ${[...this.#nodes.keys()].join(", ")}`,
      );
    }
    return node.host;
  }

  /** All nodes, in the order they were asked for. */
  get nodes(): readonly LabHost[] {
    return [...this.#nodes.values()].toSorted((a, b) => a.number - b.number).map(({ host }) =>
      host
    );
  }

  /** The hosts of all guests. */
  get guests(): readonly LabHost[] {
    return [...this.#guests];
  }

  /** Address of the controller's host on the underlay. */
  get controllerAddress(): string {
    return `${UNDERLAY.v4}${CONTROLLER}`;
  }

  /** Makes a guest that stands behind no node yet; {@link attach} connects it. */
  async addGuest(
    name: string,
    options: { readonly prefix: string; readonly address: string },
  ): Promise<Guest> {
    const host = await LabHost.create(name);
    this.#guests.add(host);
    // No duplicate address detection, so that the guest answers from the first packet on.
    await host.shell("sysctl -qw net.ipv6.conf.default.accept_dad=0");
    return { host, ...options };
  }

  /**
   * Connects a guest to a node and puts its prefix into the node's kernel, as a hypervisor or a network plugin does: a link of
   * its own, a kernel route, and the node as default router. The router's address is link-local, so the node gains no address.
   */
  async attach(guest: Guest, node: LabHost): Promise<void> {
    const device = guest.host.name;
    await node.link(device, { host: guest.host, device: "eth0" });
    await node.shell(`
      ip addr add fe80::1/64 dev ${device} nodad
      ip link set ${device} up
      ip route add ${guest.prefix} dev ${device}`);
    await guest.host.shell(`
      ip addr add ${guest.address}/32 dev eth0
      ip link set eth0 up
      ip -4 route add default via inet6 fe80::1 dev eth0`);
  }

  /** Takes a guest away from its node: the link goes, and the kernel route with it. */
  async detach(guest: Guest, node: LabHost): Promise<void> {
    await node.shell(`ip link del ${guest.host.name}`);
  }

  /** Cuts a host's cable, or plugs it in again. */
  async setLink(host: LabHost, state: "up" | "down"): Promise<void> {
    await host.shell(`ip link set eth0 ${state}`);
  }

  /** Removes a node as a machine that is switched off. */
  async removeNode(name: string): Promise<void> {
    const host = this.node(name);
    this.#nodes.delete(name);
    await host.remove();
  }

  /** Removes everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    const hosts = [...this.#guests, ...this.nodes, this.controller, this.#hub];
    await Promise.all(hosts.map((host) => host.remove()));
  }

  async #plugIn(host: LabHost, number: number): Promise<void> {
    const port = `port${++this.#lastLink}`;
    await this.#hub.link(port, { host, device: "eth0" });
    await this.#hub.shell(`ip link set ${port} master ${UNDERLAY.bridge} up`);
    // Without duplicate address detection on the underlay the host is as it stays from the start.
    await host.shell(`
      sysctl -qw net.ipv6.conf.eth0.accept_dad=0
      ip addr add ${UNDERLAY.v4}${number}/24 dev eth0
      ip addr add ${UNDERLAY.v6}${number.toString(16)}/64 dev eth0 nodad
      ip link set eth0 up
      ip route add default via ${UNDERLAY.v4}${GATEWAY}
      ip route add default via ${UNDERLAY.v6}${GATEWAY.toString(16)}`);
  }
}
