import assert from "node:assert/strict";
import type { LabHost } from "../lab_host.ts";
import { type Mesh, STATE_DIR } from "../mesh.ts";
import { devicesOf, kernelRoutes } from "../kernel_routes.ts";
import { reach } from "../reach.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { waitFor } from "../wait_for.ts";

const VM = "172.20.7.0/24";

/** Runs a command of the operator. */
async function operator(mesh: Mesh, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await mesh.admin(args);
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  return stdout;
}

/** Waits for a line of `meshover route list`. */
async function listed(mesh: Mesh, line: RegExp): Promise<void> {
  await waitFor(`${line} in the list of routes`, async () => {
    const list = await operator(mesh, "route", "list");
    if (!line.test(list)) throw new Error(list);
    return true;
  });
}

async function waysTo(host: LabHost, prefix: string): Promise<string> {
  const route = (await kernelRoutes(host)).find(({ dst }) => dst === prefix);
  return route === undefined ? "" : devicesOf(route).join(",");
}

async function statusText(mesh: Mesh, host: LabHost): Promise<string> {
  return (await mesh.run(host, ["status", "--statedir", STATE_DIR])).stdout;
}

/** An address of another node never leads to the thief, and everybody is told who tried. */
async function anothersAddress(
  mesh: Mesh,
  who: { readonly thief: LabHost; readonly watcher: LabHost; readonly address: string },
): Promise<void> {
  const { thief, watcher, address } = who;
  const before = await waysTo(watcher, address);
  assert.match(before, /^meshover0-/);
  await thief.shell(`ip link add trap type bridge; ip link set trap up
    ip route replace ${address}/32 dev trap`);
  const line = new RegExp(`refused +${address}/32 from ${thief.name}: the address of `);
  await waitFor("the status tells what was refused", async () => {
    const text = await statusText(mesh, watcher);
    if (!line.test(text)) throw new Error(text);
    return true;
  });
  assert.equal(await waysTo(watcher, address), before);
  await reach(watcher, [address]);
  await listed(
    mesh,
    new RegExp(`^${address}/32 +not allowed +${thief.name} .*the address of`, "m"),
  );
  await thief.exec(["ip", "link", "del", "trap"]);
}

/** With `--route-policy approve` nothing but nodes' own addresses comes into the mesh by itself. */
export const routesNeedApproval: Scenario = {
  name: "a route that nobody approved is not taken; an approved one is, until it is denied",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(3, { controllerArgs: ["--route-policy", "approve"] });
    const { world } = mesh;
    const [watcher, owner, first] = world.nodes as [LabHost, LabHost, LabHost];
    await Promise.all(world.nodes.map((host) => mesh.startAgent(host)));
    const addresses = await mesh.settle();
    const guest = await world.addGuest("vm1", { prefix: VM, address: "172.20.7.10" });
    await world.attach(guest, first);
    await listed(mesh, new RegExp(`^${VM} +waiting +${first.name} +0$`, "m"));
    assert.equal(await waysTo(watcher, VM), "");
    await operator(mesh, "route", "approve", VM, "--node", first.name);
    await reach(watcher, [guest.address]);
    await listed(mesh, new RegExp(`^${VM} +approved +${first.name} +2$`, "m"));
    const address = addresses.get(owner.name)!.v4;
    await anothersAddress(mesh, { thief: first, watcher, address });
    await operator(mesh, "route", "deny", "172.20.0.0/16", "--node", first.name);
    await waitFor("the denied route is gone", async () => await waysTo(watcher, VM) === "");
    await listed(mesh, new RegExp(`^${VM} +denied +${first.name} +0$`, "m"));
    await operator(mesh, "route", "forget", "172.20.0.0/16", "--node", first.name);
    await reach(watcher, [guest.address]);
    await mesh.stopController();
    await reach(watcher, [guest.address]);
  },
};
