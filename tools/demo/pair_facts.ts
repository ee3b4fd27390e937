import { bgpSummary } from "../../test/lab/bgp_summary.ts";
import type { LabHost } from "../../test/lab/lab_host.ts";
import type { Mesh } from "../../test/lab/mesh.ts";
import type { NodeAddress } from "../../test/lab/node_address.ts";
import { pathMtu } from "../../test/lab/path_mtu.ts";
import { waitFor } from "../../test/lab/wait_for.ts";
import { tunnels } from "../../test/lab/tunnels.ts";
import { ping } from "../../test/lab/ping.ts";

/** What is known of one direction between two nodes. */
export interface PairFacts {
  readonly from: string;
  readonly to: string;
  /** Seconds since the last WireGuard handshake. */
  readonly handshakeAgeS: number | undefined;
  readonly bgp: string;
  readonly pingMs: number | undefined;
  readonly ping6Ms: number | undefined;
  readonly mtu: number | undefined;
}

/** What is known of one node. */
export interface NodeFacts {
  readonly name: string;
  readonly address: NodeAddress;
  readonly as: number;
  readonly pairs: readonly PairFacts[];
}

/**
 * Asks every node, again for a while when something is not well: a pair may reach each other through a third before its own
 * session is up.
 */
export async function meshFacts(
  mesh: Mesh,
  addresses: ReadonlyMap<string, NodeAddress>,
): Promise<NodeFacts[]> {
  let facts: NodeFacts[] = [];
  const well = async () => {
    facts = await Promise.all(mesh.world.nodes.map((host) => nodeFacts(mesh, host, addresses)));
    return facts.flatMap((node) => node.pairs).every((pair) => complaintsOf(pair).length === 0);
  };
  // What is still not well at the end is told by who reads the facts.
  await waitFor("every pair is well", well, { deadlineS: 30, everyMs: 500 }).catch(() => undefined);
  return facts;
}

/** Asks a node's WireGuard and FRR, and measures the path to each other node. */
async function nodeFacts(
  mesh: Mesh,
  host: LabHost,
  addresses: ReadonlyMap<string, NodeAddress>,
): Promise<NodeFacts> {
  const [status, bgp, links] = await Promise.all([
    mesh.status(host),
    bgpSummary(host),
    tunnels(host),
  ]);
  const others = [...addresses].filter(([name]) => name !== host.name);
  const pairs = await Promise.all(others.map(async ([to, address]): Promise<PairFacts> => {
    const device = status.peers.find((peer) => peer.name === to)?.tunnel ?? "";
    const [pingMs, ping6Ms, path] = await Promise.all([
      ping(host, address.v4),
      address.v6 === undefined ? undefined : ping(host, address.v6),
      pathMtu(host, address.v4),
    ]);
    return {
      from: host.name,
      to,
      handshakeAgeS: links.get(device)?.handshakeAgeS,
      bgp: bgp.sessions.get(device)?.state ?? "none",
      pingMs,
      ping6Ms,
      mtu: path.mtu,
    };
  }));
  return { name: host.name, address: addresses.get(host.name)!, as: bgp.as, pairs };
}

/** Reasons why a pair is not well; none when it is. */
export function complaintsOf(pair: PairFacts): string[] {
  const where = `${pair.from} -> ${pair.to}`;
  return [
    pair.handshakeAgeS === undefined ? `${where}: no WireGuard handshake` : undefined,
    pair.bgp !== "Established" ? `${where}: BGP is ${pair.bgp}` : undefined,
    pair.pingMs === undefined ? `${where}: no answer to ping over IPv4` : undefined,
    pair.ping6Ms === undefined ? `${where}: no answer to ping over IPv6` : undefined,
    // RFC 8200 §5: every link of IPv6 carries 1280 bytes.
    (pair.mtu ?? 0) < 1280 ? `${where}: path MTU is ${pair.mtu ?? "unknown"}` : undefined,
  ].filter((complaint) => complaint !== undefined);
}
