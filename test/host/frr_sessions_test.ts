import assert from "node:assert/strict";
import {
  parseBfdPeers,
  parseBgpSummary,
  parseRoutes,
  silentInterfaces,
} from "../../lib/host/frr_sessions.ts";

const VERSIONS = ["8.4", "10.3"] as const;

function fixture(name: string): Promise<string> {
  return Deno.readTextFile(new URL(`../fixtures/frr/${name}`, import.meta.url));
}

for (const version of VERSIONS) {
  Deno.test(`parseBgpSummary() reads the sessions of FRR ${version}, both families together`, async () => {
    const sessions = parseBgpSummary(await fixture(`${version}-bgp_summary.json`));
    assert.deepEqual(
      [...sessions.values()],
      ["meshover0-tun2", "meshover0-tun3"].map((tunnel) => ({
        tunnel,
        state: "Established",
        prefixesReceived: 6,
        prefixesSent: 8,
        dropped: 0,
      })),
    );
  });

  Deno.test(`parseBfdPeers() reads the sessions of FRR ${version}`, async () => {
    const sessions = parseBfdPeers(await fixture(`${version}-bfd_peers.json`));
    assert.deepEqual(sessions.get("meshover0-tun3"), {
      tunnel: "meshover0-tun3",
      status: "up",
      multiplier: 3,
      intervalMs: 300,
    });
    assert.equal(sessions.size, 2);
  });

  Deno.test(`parseRoutes() reads the routes in use of FRR ${version}`, async () => {
    const routes = parseRoutes(await fixture(`${version}-ip_route.json`));
    assert.deepEqual(routes.find(({ prefix }) => prefix === "10.200.0.2/32"), {
      prefix: "10.200.0.2/32",
      protocol: "bgp",
      devices: ["meshover0-tun2"],
    });
  });
}

Deno.test("parseBgpSummary() names the command when FRR says something else", () => {
  const peers = ["{}", "null", '{"state":"Idle","pfxRcd":"7"}'].map((peer) =>
    `{"ipv4Unicast":{"peers":{"a":${peer}}}}`
  );
  for (
    const text of ["", "% BGP instance not found", '{"ipv6Unicast":{"peers":null}}', ...peers]
  ) {
    assert.throws(() => parseBgpSummary(text), {
      name: "StateError",
      message: /^Cannot read what FRR says to "show bgp summary json": /,
    });
  }
});

Deno.test("silentInterfaces() names devices that are up and never sent a router advertisement", () => {
  const shown = (name: string, state: string, rest: string) =>
    `Interface ${name} is ${state}, line protocol is up\n  vrf: default\n${rest}`;
  const text = [
    shown(
      "meshover0-tun2",
      "up",
      "  inet6 fe80::1/64\n  ND router advertisements sent: 8 rcvd: 0\n",
    ),
    shown(
      "meshover0-tun3",
      "up",
      "  inet 10.128.0.1/32\n  ND router advertisements sent: 0 rcvd: 2\n",
    ),
    shown("meshover0-tun4", "down", "  ND router advertisements sent: 0 rcvd: 0\n"),
    shown("meshover0-tun5", "up", "  inet 10.128.0.1/32\n"),
  ].join("");
  assert.deepEqual(silentInterfaces(text), ["meshover0-tun3", "meshover0-tun5"]);
});
