import assert from "node:assert/strict";
import { parsePrefix } from "../../../lib/model/prefix.ts";
import { FrrLab, until } from "./frr_lab.ts";
import { NO_FRR } from "./three_nodes.ts";

Deno.test({
  name:
    "the default template announces routes of anyone but none of the underlay, NAT bridges or held-back prefixes",
  ignore: NO_FRR,
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
    await until("all routes", async () => (await heard()).length >= 5);
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
