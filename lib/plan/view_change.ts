import type { DashboardMessage, MeshView, NodeView } from "../model/mesh_view.ts";

/** What a viewer who has `before` must be sent to have `after`; undefined when they are the same. */
export function viewChange(
  before: MeshView,
  after: MeshView,
): Omit<DashboardMessage & { kind: "change" }, "events"> | undefined {
  const known = new Map(before.nodes.map((node) => [node.number, node]));
  const nodes = after.nodes.filter((node) => !sameNode(known.get(node.number), node));
  for (const node of after.nodes) known.delete(node.number);
  const removed = [...known.keys()];
  const faults = JSON.stringify(before.faults) !== JSON.stringify(after.faults);
  const pairs = before.pairs !== after.pairs;
  if (
    nodes.length + removed.length === 0 && !faults && !pairs &&
    before.faultCount === after.faultCount
  ) {
    return undefined;
  }
  return {
    kind: "change",
    revision: after.revision,
    nodes,
    removed,
    faultCount: after.faultCount,
    ...(faults ? { faults: after.faults } : {}),
    ...(pairs ? { pairs: after.pairs } : {}),
  };
}

/** What a viewer has after a change. */
export function applyViewChange(
  view: MeshView,
  change: Omit<DashboardMessage & { kind: "change" }, "events">,
): MeshView {
  const nodes = new Map(view.nodes.map((node) => [node.number, node]));
  for (const number of change.removed) nodes.delete(number);
  for (const node of change.nodes) nodes.set(node.number, node);
  return {
    revision: change.revision,
    nodes: [...nodes.values()].sort((a, b) => a.number - b.number),
    faults: change.faults ?? view.faults,
    faultCount: change.faultCount,
    pairs: change.pairs === undefined ? view.pairs : change.pairs,
  };
}

function sameNode(a: NodeView | undefined, b: NodeView): boolean {
  return a !== undefined && a.state === b.state && a.since === b.since &&
    a.peers === b.peers && a.handshakes === b.handshakes && a.sessions === b.sessions &&
    a.accepted === b.accepted && a.failed === b.failed && a.version === b.version &&
    a.name === b.name && a.asn === b.asn && a.addresses.join() === b.addresses.join();
}
