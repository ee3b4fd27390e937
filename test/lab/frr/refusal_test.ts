import assert from "node:assert/strict";
import { FrrLab, TEMPLATE, until, whyNoFrr } from "./frr_lab.ts";
import { renderFrrConf } from "../../../lib/plan/frr_conf.ts";
import { parsePrefix } from "../../../lib/model/prefix.ts";
import { parseAddress } from "../../../lib/model/address.ts";

const reason = await whyNoFrr();
if (reason !== undefined) console.log(`skipped, ${reason}: ${import.meta.url}`);
const ignore = reason !== undefined;

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
  "169.254.7.0/24",
  "192.168.7.0/24",
  "10.128.0.1/32",
];
const GOOD = ["10.50.0.0/16", "203.0.114.0/24", "10.128.0.99/32"];

Deno.test({
  name:
    "a peer that announces what carries the overlay's own packets gets none of it into the kernel",
  ignore,
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
          victim.input([2], { endpoints: ["10.99.0.2", "203.0.113.5"].map(parseAddress) }),
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

Deno.test({
  name:
    "the default template announces routes of anyone but none of the underlay, NAT bridges or held-back prefixes",
  ignore,
  fn: async () => {
    await using lab = await FrrLab.make(2);
    await Promise.all(lab.nodes.map((node) => node.frr.ensureRunning()));
    const [teller, hearer] = [lab.node(1), lab.node(2)];
    await teller.run(
      "sh",
      "-c",
      `
      for b in docker0 br-vm lan; do ip link add $b type bridge; ip link set $b up; done
      ip addr add 172.17.0.1/16 dev docker0
      ip addr add 10.60.0.1/24 dev br-vm
      ip addr add fd00:60::1/64 nodad dev br-vm
      ip addr add 192.168.50.1/24 dev lan
      ip route add 172.18.0.0/24 dev docker0
      ip route add 10.61.0.0/24 via 10.60.0.9 proto 30
      ip route add 10.62.0.1/32 dev br-vm proto bird
      ip route add 10.63.0.0/24 via 10.99.0.254
      ip route add default via 10.99.0.254
      ip route add 10.64.0.0/24 via 10.60.0.9
      ip -6 route add fd00:61::/64 via fd00:60::9`,
    );
    await teller.configure(teller.input([2], { announceDeny: [parsePrefix("10.64.0.0/16")] }));
    await hearer.configure(hearer.input([1]));
    await lab.linkUp([1, 2]);
    const heard = async (...family: string[]) =>
      (await hearer.run("ip", ...family, "route", "show", "proto", "bgp")).split("\n").filter((
        line,
      ) => /^\S/.test(line)).map((line) => line.split(" ")[0]!).filter(Boolean).sort();
    await until("the last route", async () => (await heard()).includes("10.62.0.1"));
    await until("IPv6", async () => (await heard("-6")).length >= 3);
    assert.deepEqual(await heard(), [
      "10.128.0.1",
      "10.60.0.0/24",
      "10.61.0.0/24",
      "10.62.0.1",
      "10.63.0.0/24",
    ]);
    assert.deepEqual(await heard("-6"), ["fd00:60::/64", "fd00:61::/64", "fd00:beef:beef:1::/64"]);
    await teller.run("ip", "route", "add", "10.65.0.0/24", "via", "10.60.0.9");
    const took = await until(
      "a new kernel route",
      async () => (await heard()).includes("10.65.0.0/24"),
    );
    await teller.run("ip", "route", "del", "10.65.0.0/24");
    await until("its withdrawal", async () => !(await heard()).includes("10.65.0.0/24"));
    assert.ok(took < 20_000);
    await teller.configure(
      teller.input([2], {
        announceAllow: [parsePrefix("192.168.50.0/24"), parsePrefix("172.17.0.0/16")],
      }),
    );
    await hearer.configure(hearer.input([1], { announceAllow: [parsePrefix("192.168.0.0/16")] }));
    await until(
      "what the operators let through",
      async () =>
        ["192.168.50.0/24", "172.17.0.0/16"].every(
          ((all) => (one: string) => all.includes(one))(await heard()),
        ),
    );
  },
});

Deno.test({
  name: "a configuration that FRR refuses names the line and changes nothing",
  ignore,
  fn: async () => {
    await using lab = await FrrLab.make(1);
    const node = lab.node(1);
    await node.frr.ensureRunning();
    await node.configure(node.input([]));
    const before = await node.frr.running();
    const unknown = renderFrrConf(
      `${TEMPLATE}router bgp {{asn}}\n neighbor fabric frob 1\nexit\n`,
      node.input([]),
    );
    await assert.rejects(
      node.frr.check(unknown),
      (error: Error) =>
        error.name === "InputError" &&
        /in line \d+: % Unknown command.*neighbor fabric frob 1/.test(error.message),
    );
    const line = Number(
      /in line (\d+)/.exec(await node.frr.check(unknown).catch((e) => e.message))?.[1],
    );
    assert.equal(unknown.split("\n")[line - 1], " neighbor fabric frob 1");
    await node.frr.check(renderFrrConf(TEMPLATE, node.input([])));
    const refused =
      `ip prefix-list mine permit 10.0.0.0/8\n${TEMPLATE}router bgp {{asn}}\n timers bgp 5 15\n neighbor 10.9.9.9 timers 1 3\nexit\n`;
    await assert.rejects(
      node.configure(node.input([]), refused),
      /^StateError: Cannot configure FRR: "neighbor 10.9.9.9 timers 1 3": Specify remote-as or peer-group commands first; the configuration from before is in place/,
    );
    assert.equal(await node.frr.running(), before);
  },
});
