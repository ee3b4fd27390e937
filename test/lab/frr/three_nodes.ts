import { FrrLab, type FrrNode, until, whyNoFrr } from "./frr_lab.ts";
import type { FrrInput } from "../../../lib/plan/frr_conf.ts";

/** Whether the tests on real FRR cannot run here; says once why. */
export const NO_FRR: boolean = await cannotRun();

async function cannotRun(): Promise<boolean> {
  const reason = await whyNoFrr();
  if (reason !== undefined) console.log(`skipped, ${reason}: tests on real FRR`);
  return reason !== undefined;
}

/** Three nodes, every one with a session to every other. */
export async function threeNodes(
  inputs: Partial<Record<number, Partial<FrrInput>>> = {},
): Promise<FrrLab> {
  const lab = await FrrLab.make(3);
  await Promise.all(lab.nodes.map((node) => node.frr.ensureRunning()));
  for (const node of lab.nodes) {
    const peers = [1, 2, 3].filter((peer) => peer !== node.number);
    await node.configure(node.input(peers, inputs[node.number] ?? {}));
  }
  await lab.linkUp([1, 2], [1, 3], [2, 3]);
  for (const node of lab.nodes) {
    await until(`sessions of ${node.number}`, async () => (await node.established()).length === 2);
  }
  return lab;
}

/** Devices that a prefix is routed to by BGP. */
export async function ways(node: FrrNode, prefix: string): Promise<readonly string[]> {
  const routes = await node.frr.routes();
  const route = routes.find((one) => one.prefix === prefix && one.protocol === "bgp");
  return [...route?.devices ?? []].sort();
}

/** A device that leads to a network of its own, so that kernel routes can point at it. */
export async function addLan(node: FrrNode, name = "lan"): Promise<void> {
  await node.run("ip", "link", "add", name, "type", "bridge");
  await node.run("ip", "link", "set", name, "up");
}
