import assert from "node:assert/strict";
import { RunningController } from "../../bench/controller/running_controller.ts";
import type { NodesAnswer } from "../../lib/model/nodes_api.ts";
import type { Assignment } from "../../lib/model/node.ts";

/** Checks that a controller knows every assignment that was acknowledged, and that nothing was given twice. */
export async function requireAllKept(
  controller: RunningController,
  acknowledged: ReadonlyMap<string, Assignment>,
): Promise<void> {
  const { nodes } = await controller.admin("GET", { path: "/v1/nodes" }) as NodesAnswer;
  const kept = new Map(nodes.map(({ peer }) => [peer.name as string, peer]));
  for (const [name, { number, asn, addresses, tunnelAddress }] of acknowledged) {
    const peer = kept.get(name);
    assert.ok(peer !== undefined, `${name} was acknowledged and is lost`);
    assert.deepEqual(
      [peer.number, peer.asn, peer.addresses, peer.tunnelAddress],
      [number, asn, addresses, tunnelAddress],
    );
  }
  const given = nodes.flatMap((
    { peer },
  ) => [`#${peer.number}`, `AS${peer.asn}`, peer.tunnelAddress, ...peer.addresses]);
  assert.equal(new Set(given).size, given.length, "something was given twice");
}
