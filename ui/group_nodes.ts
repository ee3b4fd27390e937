import type { NodeView } from "../lib/model/mesh_view.ts";

/** Nodes up to which each is drawn by itself. */
export const MAX_SINGLE = 200;

/** Nodes that are shown as one. */
export interface NodeGroup {
  readonly name: string;
  readonly nodes: readonly NodeView[];
}

const MAX_GROUPS = 120;

/** Ways to group by name, the most telling first. */
const WAYS: readonly ((node: NodeView) => string)[] = [
  // node7.tokyo.example.net: the place is what follows the first dot.
  (node) => node.name.includes(".") ? node.name.slice(node.name.indexOf(".") + 1) : "",
  // tokyo-rack3-7: what precedes the last hyphen, then the first.
  (node) => node.name.slice(0, Math.max(0, node.name.lastIndexOf("-"))),
  (node) => node.name.split("-")[0] ?? "",
  // web17: what precedes the number.
  (node) => node.name.replace(/[0-9]+$/, ""),
];

/** Groups of nodes that belong together as far as their names tell; by number when they tell nothing. */
export function groupNodes(nodes: readonly NodeView[]): NodeGroup[] {
  for (const way of WAYS) {
    const groups = Map.groupBy(nodes, way);
    const largest = Math.max(...[...groups.values()].map((group) => group.length));
    const tells = groups.size > 1 && groups.size < nodes.length && groups.size <= MAX_GROUPS &&
      largest < nodes.length * 0.9 &&
      !groups.has("");
    if (tells) return sorted(groups);
  }
  const size = Math.max(100, Math.ceil(nodes.length / MAX_GROUPS / 100) * 100);
  const groups = Map.groupBy(nodes, (node) => {
    const first = Math.floor((node.number - 1) / size) * size + 1;
    return `nodes ${first}–${first + size - 1}`;
  });
  return [...groups].map(([name, members]) => ({ name, nodes: members }));
}

function sorted(groups: Map<string, NodeView[]>): NodeGroup[] {
  return [...groups].map(([name, nodes]) => ({ name, nodes }))
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}
