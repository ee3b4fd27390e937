import type { Scenario } from "./scenario.ts";
import { behindAProxy } from "./scenarios/behind_a_proxy.ts";
import { badInput } from "./scenarios/bad_input.ts";
import { behindNat } from "./scenarios/behind_nat.ts";
import { controllerRestart } from "./scenarios/controller_restart.ts";
import { doctorNamesFaults } from "./scenarios/doctor_names_faults.ts";
import { downLeavesNothing } from "./scenarios/down_leaves_nothing.ts";
import { gathering } from "./scenarios/gathering.ts";
import { guestBehindNode } from "./scenarios/guest_behind_node.ts";
import { kubernetesTools } from "./scenarios/kubernetes_tools.ts";
import { narrowUnderlay } from "./scenarios/narrow_underlay.ts";
import { noCommonFamily } from "./scenarios/no_common_family.ts";
import { nodeIsRemoved } from "./scenarios/node_is_removed.ts";
import { nodeJoinsAndLeaves } from "./scenarios/node_joins_and_leaves.ts";
import { packetFilter } from "./scenarios/packet_filter.ts";
import { poolsAreChanged } from "./scenarios/pools_are_changed.ts";
import { putBack } from "./scenarios/put_back.ts";
import { routerAdvertisements } from "./scenarios/router_advertisements.ts";
import { nodeTools } from "./scenarios/node_tools.ts";
import { routesNeedApproval } from "./scenarios/routes_need_approval.ts";
import { secondRunWritesNothing } from "./scenarios/second_run_writes_nothing.ts";
import { secretsAndBackups } from "./scenarios/secrets_and_backups.ts";
import { strangeControllers } from "./scenarios/strange_controllers.ts";
import { silentTunnel } from "./scenarios/silent_tunnel.ts";
import { statusElsewhere } from "./scenarios/status_elsewhere.ts";
import { survivesFaults } from "./scenarios/survives_faults.ts";
import { templateIsMended } from "./scenarios/template_is_mended.ts";
import { tour } from "./scenarios/tour.ts";
import { threeNodesMesh } from "./scenarios/three_nodes_mesh.ts";
import { twoGatherers } from "./scenarios/two_gatherers.ts";
import { twoOwners } from "./scenarios/two_owners.ts";
import { underlayMoves } from "./scenarios/underlay_moves.ts";

/** Every scenario, in the order they are played: where time is short, the first says most; none that waits for long comes last. */
export const SCENARIOS: readonly Scenario[] = [
  tour,
  threeNodesMesh,
  guestBehindNode,
  kubernetesTools,
  silentTunnel,
  noCommonFamily,
  behindNat,
  twoOwners,
  routesNeedApproval,
  templateIsMended,
  nodeJoinsAndLeaves,
  controllerRestart,
  downLeavesNothing,
  secondRunWritesNothing,
  badInput,
  doctorNamesFaults,
  nodeTools,
  survivesFaults,
  strangeControllers,
  twoGatherers,
  statusElsewhere,
  nodeIsRemoved,
  secretsAndBackups,
  poolsAreChanged,
  behindAProxy,
  putBack,
  gathering,
  routerAdvertisements,
  underlayMoves,
  packetFilter,
  narrowUnderlay,
];
