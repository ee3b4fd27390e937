import assert from "node:assert/strict";
import type { LabHost } from "../lab_host.ts";
import { patient } from "../patience.ts";
import { reach } from "../reach.ts";
import { PLACES, type Scenario } from "../scenario.ts";
import { waitFor } from "../wait_for.ts";

const PODS = { prefix: "198.18.9.0/24", address: "198.18.9.10" };
const OUTSIDE = "203.0.113.9";
/** Where a guest behind the other node listens. */
const FAR = { prefix: "198.18.8.0/24", address: "198.18.8.10", port: 7007 };

/** The packet filter does what it is for: BGP from outside is dropped, TCP fits the path, pods are translated. */
export const packetFilter: Scenario = {
  name:
    "the packet filter keeps BGP to the overlay, fits TCP to the path, and translates pods where the default route goes",
  places: PLACES,
  play: async (lab) => {
    const mesh = await lab.mesh(2);
    const { world } = mesh;
    const [node, open] = world.nodes as [LabHost, LabHost];
    await mesh.startAgent(node, ["--coilnatsources", PODS.prefix]);
    await mesh.startAgent(open, ["--no-firewall"]);
    const addresses = await mesh.settle();
    const pod = await world.addGuest("pod1", PODS);
    const far = await world.addGuest("far1", FAR);
    await world.attach(pod, node);
    await world.attach(far, open);
    await reach(pod.host, [FAR.address]);

    await bgpOnlyInside(node, { open, inside: addresses.get(node.name)!.v4 });
    await segmentsFit(pod.host, far.host);
    await podsAreTranslated(pod.host, { node, open, outside: world.controller });
  },
};

/** Whether a TCP connection to port 179 is taken. */
async function connects(from: LabHost, address: string): Promise<boolean> {
  const script = 'exec 3<> "/dev/tcp/$1/179"';
  const argv = ["timeout", String(patient(2)), "bash", "-c", script, "connect", address];
  return (await from.tryExec(argv)).code === 0;
}

async function bgpOnlyInside(
  node: LabHost,
  { open, inside }: { readonly open: LabHost; readonly inside: string },
): Promise<void> {
  const [nodeOutside, openOutside] = await Promise.all([node, open].map(underlayOf));
  await waitFor("--no-firewall leaves the port open", () => connects(node, openOutside!));
  await waitFor("inside the overlay BGP is reached", () => connects(open, inside));
  assert.ok(!await connects(open, nodeOutside!), "from the underlay it is not");
}

async function underlayOf(host: LabHost): Promise<string> {
  const address = /inet ([0-9.]+)\//.exec(await host.shell("ip -o -4 addr show eth0"))?.[1];
  if (address === undefined) throw new Error(`${host.name} has no IPv4 address on eth0`);
  return address;
}

/** Both ends have an MTU of 1500; the tunnel between them has less, and nobody needs an ICMP message to know. */
async function segmentsFit(near: LabHost, far: LabHost): Promise<void> {
  const listen = `for await (const c of Deno.listen({ port: ${FAR.port} })) globalThis.kept = c;`;
  const server = far.start([Deno.execPath(), "eval", "--quiet", listen], { name: "listener" });
  const hold =
    `until exec 3<> /dev/tcp/${FAR.address}/${FAR.port}; do sleep 0.1; done 2> /dev/null; sleep 100`;
  const client = near.start(["bash", "-c", hold], { name: "connection" });
  const mss = await waitFor("the connection stands", async () => {
    const shown = await far.shell(`ss -Htin state established sport = :${FAR.port}`);
    return Number(/ mss:(\d+)/.exec(shown)?.[1]) || undefined;
  });
  assert.ok(mss > 1000 && mss < 1396 - 40, `segments of ${mss} bytes`);
  await client.stop({ signal: "KILL" });
  await server.stop({ signal: "KILL" });
}

async function podsAreTranslated(
  pod: LabHost,
  hosts: { readonly node: LabHost; readonly open: LabHost; readonly outside: LabHost },
): Promise<void> {
  const { node, open, outside } = hosts;
  // The outside has no route to the pods: it can only answer the node.
  await outside.shell(`ip addr add ${OUTSIDE}/32 dev lo`);
  await node.shell(`ip route replace default via ${await underlayOf(outside)} dev eth0`);
  await reach(pod, [OUTSIDE]);

  // Within the overlay a pod is seen under its own address.
  await open.shell(`nft add table ip watch
    nft 'add chain ip watch in { type filter hook prerouting priority 0; }'
    nft add rule ip watch in ip saddr ${PODS.address} counter`);
  await reach(pod, [FAR.address]);
  assert.match(await open.shell("nft list table ip watch"), /counter packets [1-9]/);

  // The default route moves to another device, and what is translated with it.
  await node.link("eth9", { host: outside, device: "eth9" });
  await outside.shell("ip addr add 192.0.2.1/30 dev eth9; ip link set eth9 up");
  await node.shell(`ip addr add 192.0.2.2/30 dev eth9; ip link set eth9 up
    ip route replace default via 192.0.2.1 dev eth9`);
  await waitFor(
    "the filter follows the default route",
    async () => /oifname .*"?eth9/.test(await node.shell("nft list table inet meshover")),
  );
  await reach(pod, [OUTSIDE]);
}
