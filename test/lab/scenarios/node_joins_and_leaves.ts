import { PATIENT_BFD } from "../mesh.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { nodeComesAndGoes } from "../stories/node_comes_and_goes.ts";

/** A change must not disturb what works. */
export const nodeJoinsAndLeaves: Scenario = {
  name: "a fourth node joins and leaves: no other session flaps, no packet of others is lost",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(3, PATIENT_BFD);
    await Promise.all(mesh.world.nodes.map((host) => mesh.startAgent(host)));
    await nodeComesAndGoes(mesh, await mesh.settle());
  },
};
