import { PLACES, type Scenario } from "../scenario.ts";
import { guestMoves } from "../stories/guest_moves.ts";

/** Routes are part of the overlay: what a hypervisor puts into one kernel is reachable from everywhere. */
export const guestBehindNode: Scenario = {
  name: "a VM behind a node is reached with its source address kept, moves, and is followed",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(3);
    await Promise.all(mesh.world.nodes.map((host) => mesh.startAgent(host)));
    await guestMoves(mesh, await mesh.settle());
  },
};
