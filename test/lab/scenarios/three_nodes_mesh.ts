import assert from "node:assert/strict";
import { bgpSummary } from "../bgp_summary.ts";
import { ping } from "../ping.ts";
import { pathMtu } from "../path_mtu.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { waitFor } from "../wait_for.ts";
import { tunnels } from "../tunnels.ts";

/** The main job: three agents and a controller make an overlay. */
export const threeNodesMesh: Scenario = {
  name: "three nodes mesh: every pair pings by node address over BGP",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(3);
    const { nodes } = mesh.world;
    await Promise.all(nodes.map((host) => mesh.startAgent(host)));
    const addresses = await mesh.settle();
    assert.equal(new Set([...addresses.values()].map((a) => a.v4)).size, 3, "addresses are unique");
    const systems = await Promise.all(nodes.map(async (host) => {
      const as = await waitFor(`${host.name} has a session with both others`, async () => {
        const { as, sessions } = await bgpSummary(host);
        const up = [...sessions.values()].filter((session) => session.state === "Established");
        return up.length === 2 && as;
      });
      for (const tunnel of (await tunnels(host)).values()) {
        assert.equal(tunnel.kind, lab.place === "machine" ? "gre" : tunnel.kind);
        assert.notEqual(
          tunnel.handshakeAgeS,
          undefined,
          `${host.name} ${tunnel.device} had a handshake`,
        );
      }
      return as;
    }));
    assert.equal(new Set(systems).size, 3, "AS numbers are unique");
    const [first, , last] = nodes;
    const { v4, v6 } = addresses.get(last!.name)!;
    assert.ok(v6 !== undefined && await ping(first!, v6, { waitS: 3 }) !== undefined, "IPv6 too");
    const { mtu } = await pathMtu(first!, v4);
    assert.ok(mtu !== undefined && mtu >= 1280, `path MTU is ${mtu}`);
  },
};
