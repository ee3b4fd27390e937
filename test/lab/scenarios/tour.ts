import { fingerprint, untilAsBefore } from "../fingerprint.ts";
import { PATIENT_BFD } from "../mesh.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { controllerComesBack } from "../stories/controller_comes_back.ts";
import { everyPairIsWell } from "../stories/every_pair_is_well.ts";
import { guestMoves } from "../stories/guest_moves.ts";
import { nodeComesAndGoes } from "../stories/node_comes_and_goes.ts";

/** The stories that matter most, one after the other on one mesh: where starting programs is slow, a mesh for each takes too long. */
export const tour: Scenario = {
  name:
    "one mesh: three nodes, a VM behind one moves, a fourth comes and goes, the controller is killed, down leaves nothing",
  places: PLACES.filter((place) => place === "machine"),
  deadlineS: 400,
  play: async (lab) => {
    const mesh = await lab.mesh(3, PATIENT_BFD);
    const { nodes } = mesh.world;
    const first = nodes[0]!;
    // With its module the kernel makes gre0 and others in every namespace; they are nobody's, and go with the module only.
    await first.exec(["modprobe", "ip_gre"]);
    const untouched = await fingerprint(first);
    await Promise.all(nodes.map((host) => mesh.startAgent(host)));
    const addresses = await mesh.settle();
    lab.step("the mesh is up");
    await everyPairIsWell(mesh, { addresses, place: lab.place });
    lab.step("every pair is well");
    await guestMoves(mesh, addresses);
    lab.step("the VM was followed");
    await nodeComesAndGoes(mesh, addresses);
    lab.step("a fourth node came and went");
    await controllerComesBack(mesh, { before: addresses, newcomer: "node5" });
    lab.step("the controller came back");
    await mesh.down(first);
    await untilAsBefore(first, untouched);
  },
};
