import type { NodeRoutes } from "../../lib/model/node_routes.ts";
import type { NodeStatus, PeerStatus } from "../../lib/model/node_status.ts";
import type { Assignment } from "../../lib/model/node.ts";
import { parseHostName } from "../../lib/model/host_name.ts";

/** Sends a request to a controller, by HTTP or without. */
export type Send = (path: string, init: RequestInit) => Promise<Response>;

/** A node that enrolled by the real API with keys of its own. */
export interface SimulatedNode {
  readonly self: Assignment;
  readonly secret: string;
}

/** How a simulated node's status differs from that of a healthy one. */
export interface StatusChange {
  /** Numbers of peers whose BGP session is down. */
  readonly bgpDown?: readonly number[];
  /** Numbers of peers without a handshake. */
  readonly noHandshake?: readonly number[];
  /** Words of changes that failed. */
  readonly failed?: readonly string[];
  readonly routes?: { readonly revision: string; readonly routes?: NodeRoutes };
  /** How many peers it has; all when left out. */
  readonly peers?: number;
}

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));

/** Nodes that exist only for the controller: they enrol and tell what they are told to tell. */
export class SimulatedMesh {
  readonly nodes: SimulatedNode[] = [];
  readonly #send: Send;
  readonly #password: string;

  constructor(options: { send: Send; password: string }) {
    this.#send = options.send;
    this.#password = options.password;
  }

  /** Calls the API as the admin. */
  async admin(method: string, options: { path: string; body?: unknown }): Promise<unknown> {
    return await this.#json(options.path, {
      method,
      headers: {
        authorization: `Basic ${btoa(`admin:${this.#password}`)}`,
        "content-type": "application/json",
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
  }

  /** Enrols nodes with these names. */
  async enrol(names: readonly string[]): Promise<void> {
    const { token } = await this.admin("POST", {
      path: "/v1/tokens",
      body: { note: "simulated" },
    }) as {
      token: string;
    };
    const taken = [...names];
    const work = async () => {
      for (let name = taken.shift(); name !== undefined; name = taken.shift()) {
        this.nodes.push(await this.#enrolOne(name, token));
      }
    };
    await Promise.all(Array.from({ length: 32 }, work));
    this.nodes.sort((a, b) => a.self.number - b.self.number);
  }

  /** Enrols one node with a token. @throws {Error} with the controller's words when it refuses. */
  async enrolWith(token: string, name: string): Promise<void> {
    this.nodes.push(await this.#enrolOne(name, token));
  }

  /** The node with a name. */
  node(name: string): SimulatedNode {
    const found = this.nodes.find((node) => node.self.name === name);
    if (found === undefined) throw new Error(`No simulated node ${name}`);
    return found;
  }

  /** The status that a node would tell. */
  status(node: SimulatedNode, change: StatusChange = {}): NodeStatus {
    const at = this.nodes.indexOf(node);
    const count = Math.min(change.peers ?? this.nodes.length - 1, this.nodes.length - 1);
    const peers = Array.from(
      { length: count },
      (_, i) => this.nodes[(at + 1 + i) % this.nodes.length]!,
    );
    return {
      name: node.self.name,
      number: node.self.number,
      version: "0.1.0",
      at: new Date().toISOString(),
      parts: { wg: "kernel", tunnels: "gre", dummy: "dummy", frr: "system 10.3" },
      peers: peers.map((peer) => peerStatus(peer, change)),
      reconcile: {
        at: new Date().toISOString(),
        tookMs: 12,
        done: 0,
        failed: (change.failed ?? []).map((word) => ({
          change: word,
          error: "exit 2: No such device",
        })),
      },
      ...(change.routes === undefined ? {} : {
        routesRevision: change.routes.revision,
        ...(change.routes.routes === undefined ? {} : { routes: change.routes.routes }),
      }),
    };
  }

  /** Tells a node's status. Returns whether its routes are wanted. */
  async tell(node: SimulatedNode, change: StatusChange = {}): Promise<boolean> {
    const answer = await this.#json("/v1/status", {
      method: "POST",
      headers: { authorization: `Bearer ${node.secret}`, "content-type": "application/json" },
      body: JSON.stringify(this.status(node, change)),
    }) as { wantRoutes: boolean };
    return answer.wantRoutes;
  }

  /** Tells every node's status, all healthy. */
  async tellAll(change: StatusChange = {}): Promise<void> {
    const left = [...this.nodes];
    const work = async () => {
      for (let node = left.shift(); node !== undefined; node = left.shift()) {
        await this.tell(node, change);
      }
    };
    await Promise.all(Array.from({ length: 16 }, work));
  }

  async #enrolOne(name: string, token: string): Promise<SimulatedNode> {
    const secret = random(32).toHex();
    const body = {
      name: parseHostName(name),
      secret,
      report: {
        publicKey: random(32).toBase64(),
        port: 12912,
        candidates: ["198.51.100.7", "2001:db8::7"],
        tunnels: ["gre", "vxlan"],
        wg: "kernel",
        underlayMtu: 1500,
        gathers: [],
        version: "0.1.0",
      },
    };
    const answer = await this.#json("/v1/enrol", {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    }) as { self: Assignment };
    return { self: answer.self, secret };
  }

  async #json(path: string, init: RequestInit): Promise<unknown> {
    const response = await this.#send(path, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${init.method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  }
}

function peerStatus(peer: SimulatedNode, change: StatusChange): PeerStatus {
  const { number, name } = peer.self;
  const silent = change.noHandshake?.includes(number) ?? false;
  const down = silent || (change.bgpDown?.includes(number) ?? false);
  return {
    number,
    name,
    tunnel: `meshover0-tun${number}`,
    endpoint: silent ? null : "198.51.100.7:12912",
    handshakeAgeS: silent ? null : 42,
    rxBytes: 123_456_789,
    txBytes: 98_765_432,
    bgp: down ? "Active" : "Established",
    prefixesReceived: down ? 0 : 4,
    prefixesSent: down ? 0 : 6,
  };
}
