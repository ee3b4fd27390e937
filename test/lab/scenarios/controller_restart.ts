import { PATIENT_BFD } from "../mesh.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { controllerComesBack } from "../stories/controller_comes_back.ts";

/** The overlay outlives the control plane. */
export const controllerRestart: Scenario = {
  name:
    "the controller is killed and started again: no packet is lost, addresses stay, a new node joins",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(2, PATIENT_BFD);
    await Promise.all(mesh.world.nodes.map((host) => mesh.startAgent(host)));
    await controllerComesBack(mesh, { before: await mesh.settle(), newcomer: "node3" });
  },
};
