import assert from "node:assert/strict";
import { bgpSummary } from "../bgp_summary.ts";
import type { Mesh } from "../mesh.ts";
import type { NodeAddress } from "../node_address.ts";
import { pathMtu } from "../path_mtu.ts";
import { reach } from "../reach.ts";
import type { Place } from "../scenario.ts";
import { tunnels } from "../tunnels.ts";
import { waitFor } from "../wait_for.ts";

/** Three nodes that ping each other have what a mesh is made of. */
export async function everyPairIsWell(
  { world: { nodes } }: Mesh,
  { addresses, place }: { addresses: ReadonlyMap<string, NodeAddress>; place: Place },
): Promise<void> {
  assert.equal(new Set([...addresses.values()].map((a) => a.v4)).size, 3, "addresses are unique");
  const systems = await Promise.all(nodes.map(async (host) => {
    const as = await waitFor(`${host.name} has a session with both others`, async () => {
      const { as, sessions } = await bgpSummary(host);
      const up = [...sessions.values()].filter((session) => session.state === "Established");
      return up.length === 2 && as;
    });
    for (const tunnel of (await tunnels(host)).values()) {
      assert.equal(tunnel.kind, place === "machine" ? "gre" : tunnel.kind);
      const met = `${host.name} ${tunnel.device} had a handshake`;
      assert.notEqual(tunnel.handshakeAgeS, undefined, met);
    }
    return as;
  }));
  assert.equal(new Set(systems).size, 3, "AS numbers are unique");
  const [first, , last] = nodes;
  const { v4, v6 } = addresses.get(last!.name)!;
  assert.ok(v6 !== undefined, "IPv6 too");
  await reach(first!, [v6]);
  const { mtu } = await pathMtu(first!, v4);
  assert.ok(mtu !== undefined && mtu >= 1280, `path MTU is ${mtu}`);
}
