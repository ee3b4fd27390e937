import { PLACES, type Scenario } from "../scenario.ts";
import { everyPairIsWell } from "../stories/every_pair_is_well.ts";

/** The main job: three agents and a controller make an overlay. */
export const threeNodesMesh: Scenario = {
  name: "three nodes mesh: every pair pings by node address over BGP",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(3);
    await Promise.all(mesh.world.nodes.map((host) => mesh.startAgent(host)));
    await everyPairIsWell(mesh, { addresses: await mesh.settle(), place: lab.place });
  },
};
