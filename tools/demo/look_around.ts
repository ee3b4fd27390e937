import type { LabHost } from "../../test/lab/lab_host.ts";
import { LAB_PASSWORD, type Mesh } from "../../test/lab/mesh.ts";

/** Tells how to look at the running demo from another terminal. */
export function lookAround(mesh: Mesh, node: LabHost): string[] {
  const enter = (host: LabHost) => `nsenter -t ${host.pid} -a /run/lab/shell`;
  const hosts = [...mesh.world.nodes, ...mesh.world.guests, mesh.world.controller];
  const width = Math.max(...hosts.map((host) => host.name.length));
  return [
    "Look around, as root in another terminal. A shell on each host:",
    ...hosts.map((host) => `    ${host.name.padEnd(width)}   ${enter(host)}`),
    `Commands in it, for example on ${node.name}:`,
    `    ${enter(node)} meshover status`,
    `    ${enter(node)} vtysh -c 'show bgp summary'`,
    `    ${enter(node)} vtysh -c 'show ip route bgp'`,
    `    ${enter(node)} wg show meshover0`,
    "The whole mesh, as its controller knows it:",
    `    ${
      enter(mesh.world.controller)
    } meshover status --controlserver ${mesh.url} --insecure-http --password ${LAB_PASSWORD}`,
  ];
}
