import assert from "node:assert/strict";
import { parseAddress } from "../../../lib/model/address.ts";
import { parsePrefix } from "../../../lib/model/prefix.ts";
import { FrrLab, TEMPLATE, until } from "./frr_lab.ts";
import { NO_FRR } from "./three_nodes.ts";

/** A template without any filter, as a careless operator would write it. */
const OPEN_TEMPLATE = `
interface meshover0-tun1
 no ipv6 nd suppress-ra
exit
router bgp {{asn}}
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor fabric peer-group
 neighbor fabric remote-as external
{{#tunnels}}
 neighbor {{device}} interface v6only peer-group fabric
{{/tunnels}}
 address-family ipv4 unicast
  redistribute connected
{{#network4}}
  network {{.}}
{{/network4}}
 exit-address-family
 address-family ipv6 unicast
  redistribute connected
  neighbor fabric activate
 exit-address-family
exit
`;

/** Endpoints of other sites: so many, so far apart, that what they make is spread over many lists. */
const FAR_ENDPOINTS = Array.from({ length: 200 }, (_, i) => `${30 + i % 90}.${i}.9.7`);

const HARMFUL = [
  "0.0.0.0/0",
  "0.0.0.0/1",
  "10.99.0.0/16",
  "10.99.0.2/32",
  "10.99.0.128/25",
  "10.192.0.0/12",
  "10.200.0.0/16",
  "203.0.0.0/8",
  "203.0.113.0/24",
  "203.0.113.5/32",
  "119.89.9.0/24",
  "49.199.9.7/32",
  "169.254.7.0/24",
  "192.168.7.0/24",
  "10.128.0.1/32",
];
const GOOD = ["10.50.0.0/16", "203.0.114.0/24", "10.128.0.99/32"];

Deno.test({
  name:
    "a peer that announces what carries the overlay's own packets gets none of it into the kernel",
  ignore: NO_FRR,
  fn: async (t) => {
    for (
      const [whose, template] of [["default", TEMPLATE], [
        "operator's open",
        OPEN_TEMPLATE,
      ]] as const
    ) {
      await t.step(`with the ${whose} template`, async () => {
        await using lab = await FrrLab.make(2);
        await Promise.all(lab.nodes.map((node) => node.frr.ensureRunning()));
        const victim = lab.node(1);
        await victim.configure(
          victim.input([2], {
            endpoints: ["10.99.0.2", "203.0.113.5", ...FAR_ENDPOINTS].map(parseAddress),
          }),
          template,
        );
        const hostile = lab.node(2);
        await hostile.configure(
          hostile.input([1], {
            networks: [...HARMFUL, ...GOOD].map(parsePrefix),
            underlayPrefixes: [],
            tunnelPools: [],
            endpoints: [],
          }),
          OPEN_TEMPLATE,
        );
        // Its own guard is for its own kernel only; what it announces is up to its template.
        await lab.linkUp([1, 2]);
        await until(
          "the harmless routes",
          async () =>
            GOOD.every(
              ((routes) => (good) => routes.includes(`${good.replace("/32", "")} `))(
                await victim.run("ip", "route", "show", "proto", "bgp"),
              ),
            ),
        );
        const kernel = await victim.run("ip", "route", "show", "proto", "bgp");
        const allowed = whose === "default" ? [] : ["192.168.7.0/24"];
        for (const prefix of HARMFUL.filter((one) => !allowed.includes(one))) {
          assert.ok(
            !kernel.includes(`${prefix.replace("/32", "")} `) && !kernel.startsWith("default"),
            `${prefix} is in ${kernel}`,
          );
        }
        const refused = await victim.frr.refused(["meshover0-tun2"], 4_200_000_001);
        if (whose === "default") {
          for (const prefix of HARMFUL) {
            assert.ok(refused.some((one) => one.prefix === prefix), `${prefix} is not told`);
          }
        }
        assert.ok(
          (await victim.frr.sessions()).get("meshover0-tun2")!.prefixesReceived >= GOOD.length,
        );
      });
    }
  },
});
