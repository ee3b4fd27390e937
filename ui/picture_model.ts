import {
  type FaultView,
  LINK_FAULTS,
  type LinkFault,
  type MeshView,
  NODE_STATES,
  type NodeState,
} from "../lib/model/mesh_view.ts";
import { unpackPairs } from "../lib/plan/pair_bits.ts";
import { groupNodes, MAX_SINGLE } from "./group_nodes.ts";
import { groupHref, nodeHref } from "./route.ts";
import { count, FAULT_WORDS, STATE_WORDS } from "./words.ts";

/** A thing that is drawn: a node, or a group of them. */
export interface Dot {
  readonly key: string;
  readonly label: string;
  readonly href: string;
  readonly state: NodeState;
  /** Nodes that it stands for. */
  readonly size: number;
  /** What it says to who cannot see it. */
  readonly words: string;
}

/** A line between two dots, by index. */
export interface Line {
  readonly a: number;
  readonly b: number;
  readonly fault: LinkFault;
  /** Links that it stands for. */
  readonly size: number;
}

/** What the picture shows. */
export interface Picture {
  readonly dots: readonly Dot[];
  readonly faults: readonly Line[];
  /** Pairs of indexes of dots with a link that is well, one after the other. */
  readonly well: readonly number[];
  readonly grouped: boolean;
}

/** The picture of a mesh; of one group of its nodes when `group` is given. Large meshes are drawn in groups. */
export function pictureOf(view: MeshView, group: string | undefined): Picture {
  if (view.nodes.length <= MAX_SINGLE) return single(view, () => true);
  const groups = groupNodes(view.nodes);
  const chosen = groups.find((g) => g.name === group);
  if (chosen === undefined) return grouped(view, groups);
  const members = new Set(chosen.nodes.slice(0, 2 * MAX_SINGLE).map((n) => n.number));
  return single(view, (number) => members.has(number));
}

function single(view: MeshView, shown: (number: number) => boolean): Picture {
  const faultsOf = faultsByNode(view.faults);
  const nodes = view.nodes.filter((node) => shown(node.number))
    .toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  const place = new Map(nodes.map((node, index) => [node.number, index]));
  const bad = new Set<string>();
  const faults: Line[] = [];
  for (const { a, b, fault } of view.faults) {
    const [i, j] = [place.get(a), place.get(b)];
    if (i === undefined || j === undefined) continue;
    bad.add(`${a}-${b}`);
    faults.push({ a: i, b: j, fault, size: 1 });
  }
  const well: number[] = [];
  if (view.pairs !== null) {
    unpackPairs(view.pairs, {
      n: view.nodes.length,
      each: (x, y) => {
        const [from, to] = [view.nodes[x]!, view.nodes[y]!];
        const [i, j] = [place.get(from.number), place.get(to.number)];
        if (i === undefined || j === undefined || bad.has(`${from.number}-${to.number}`)) return;
        if (from.state === "silent" || to.state === "silent") {
          faults.push({ a: i, b: j, fault: "silent", size: 1 });
        } else well.push(i, j);
      },
    });
  }
  const dots = nodes.map((node): Dot => {
    const wrong = faultsOf.get(node.number) ?? [];
    return {
      key: String(node.number),
      label: node.name,
      href: nodeHref(node.name),
      state: node.state,
      size: 1,
      words: `${node.name}: ${STATE_WORDS[node.state]}${
        wrong.length === 0 ? "" : `, ${faultSummary(wrong)}`
      }`,
    };
  });
  return { dots: shortened(dots), faults, well, grouped: false };
}

function grouped(view: MeshView, groups: ReturnType<typeof groupNodes>): Picture {
  const place = new Map(
    groups.flatMap((g, index) => g.nodes.map((n) => [n.number, index] as const)),
  );
  const lines = new Map<string, Line>();
  for (const { a, b, fault } of view.faults) {
    const [i, j] = [place.get(a), place.get(b)].sort((x, y) => (x ?? 0) - (y ?? 0));
    if (i === undefined || j === undefined || i === j) continue;
    const known = lines.get(`${i}-${j}`);
    const graver = known === undefined ||
      LINK_FAULTS.indexOf(fault) < LINK_FAULTS.indexOf(known.fault);
    lines.set(`${i}-${j}`, {
      a: i,
      b: j,
      fault: graver ? fault : known.fault,
      size: (known?.size ?? 0) + 1,
    });
  }
  const dots = groups.map(({ name, nodes }): Dot => {
    const state = NODE_STATES.find((s) => nodes.some((n) => n.state === s)) ?? "well";
    const notWell = nodes.filter((n) => n.state !== "well").length;
    const detail = notWell === 0 ? "all well" : `${count(notWell, "node")} not well`;
    return {
      key: name,
      label: name,
      href: groupHref(name),
      state,
      size: nodes.length,
      words: `${name}: ${count(nodes.length, "node")}, ${detail}`,
    };
  });
  return { dots: shortened(dots), faults: [...lines.values()], well: [], grouped: true };
}

function faultsByNode(faults: readonly FaultView[]): Map<number, FaultView[]> {
  const byNode = new Map<number, FaultView[]>();
  for (const fault of faults) {
    for (const end of [fault.a, fault.b]) {
      const list = byNode.get(end);
      if (list === undefined) byNode.set(end, [fault]);
      else list.push(fault);
    }
  }
  return byNode;
}

function faultSummary(faults: readonly FaultView[]): string {
  return LINK_FAULTS.map((kind) => ({ kind, n: faults.filter((f) => f.fault === kind).length }))
    .filter(({ n }) => n > 0)
    .map(({ kind, n }) => `${count(n, "link")} with ${FAULT_WORDS[kind]}`).join(", ");
}

/** The same dots without the end that all labels share: `.example.net` tells nothing apart. */
function shortened(dots: readonly Dot[]): Dot[] {
  const [first, ...others] = dots;
  if (first === undefined || others.length === 0) return [...dots];
  const ends = [...first.label.matchAll(/\./g)].map(({ index }) => first.label.slice(index));
  const shared =
    ends.find((end) => others.every(({ label }) => label.endsWith(end) && label !== end)) ?? "";
  return dots.map((dot) => ({
    ...dot,
    label: dot.label.slice(0, dot.label.length - shared.length),
  }));
}
