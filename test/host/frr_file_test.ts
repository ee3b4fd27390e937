import assert from "node:assert/strict";
import { EMPTY, frrWith, LIST, listing, ok } from "./frr_with.ts";

/** More lines than are given one by one. */
const many = Array.from({ length: 300 }, (_, i) => `ip prefix-list p${i} permit 10.0.0.0/8`);

Deno.test("apply() gives many lines as a file's, which FRR takes faster", async () => {
  const lines = ["XFRR_start_configuration", ...many, "XFRR_end_configuration"];
  const whole = `vtysh -E -c configure terminal\n${lines.join("\n")}`;
  const { frr, exec } = frrWith({ [LIST]: EMPTY, [whole]: ok("") });
  await frr.apply(many);
  assert.equal(exec.ran.at(-1), whole);
});

Deno.test("apply() ends a file that FRR refuses, and asks line by line which one it was", async () => {
  const refused = {
    code: 1,
    stdout: "vm# configure terminal\nvm(config)# frob\n% Unknown command\n",
    stderr: "",
  };
  const lines = [...many, "frob"];
  const file = ["XFRR_start_configuration", ...lines, "XFRR_end_configuration"];
  const { frr, exec } = frrWith({
    [LIST]: EMPTY,
    [`vtysh -E -c configure terminal\n${file.join("\n")}`]: refused,
    "vtysh -E -c configure terminal\nXFRR_end_configuration": ok(""),
    [`vtysh -E -c configure terminal\n${lines.join("\n")}`]: refused,
  });
  await assert.rejects(frr.apply(lines), {
    message: 'Cannot configure FRR: "frob": Unknown command',
  });
  assert.equal(exec.ran.length, 5);
});

/** What FRR 10, whose filters mgmtd has, lists when it has no configuration. */
const EMPTY_10 = ok(`${listing("")}${listing("")}${listing("")} mgmtd zebra bgpd bfdd\n`);
const LIST_10 = LIST.replace("running-config zebra", "running-config mgmtd");
const begin10 = (lines: readonly string[]) =>
  `vtysh -E -c configure terminal file-lock\nXFRR_start_configuration\n${
    lines.join("\n")
  }\nXFRR_end_configuration`;

Deno.test("apply() has mgmtd of FRR 10 locked while it takes many lines, but not for one that it would choke on", async () => {
  const plain = (lines: readonly string[]) => `vtysh -E -c configure terminal\n${lines.join("\n")}`;
  const vrf = ["no vrf x", ...many];
  const { frr, exec } = frrWith({
    [LIST]: EMPTY_10,
    [LIST_10]: EMPTY_10,
    [begin10(many)]: ok(""),
    [plain(vrf)]: ok(""),
  });
  await frr.apply(many);
  assert.equal(exec.ran.at(-1), begin10(many));
  await frr.apply(vrf);
  assert.equal(exec.ran.at(-1), plain(vrf));
});

Deno.test("apply() asks line by line when FRR 10 does not commit a file, which is no failure of vtysh's", async () => {
  const plain = (lines: readonly string[]) => `vtysh -E -c configure terminal\n${lines.join("\n")}`;
  const { frr, exec } = frrWith({
    [LIST]: EMPTY_10,
    [LIST_10]: EMPTY_10,
    [begin10(many)]: ok("vm(config)# XFRR_end_configuration\n% Configuration failed.\n"),
    [plain(["XFRR_end_configuration"])]: ok(""),
    [plain(many)]: ok(""),
  });
  await frr.apply(many);
  assert.equal(exec.ran.at(-1), plain(many));
});

const only = (daemon: string, lines: readonly string[], enter = "configure terminal") =>
  `vtysh -d ${daemon} -E -c ${enter}\n${lines.join("\n")}`;
const asFile = (lines: readonly string[]) => [
  "XFRR_start_configuration",
  ...lines,
  "XFRR_end_configuration",
];
const onlyMgmtd = (lines: readonly string[]) =>
  only("mgmtd", asFile(lines), "configure terminal file-lock");
const filters = many.slice(0, 40);
const router = ["router bgp 65001", "bgp router-id 10.0.0.1", "exit"];
const bfd = ["bfd", "profile meshover", "exit", "exit"];
const plain = (lines: readonly string[]) => `vtysh -E -c configure terminal\n${lines.join("\n")}`;

Deno.test("apply() gives each daemon of FRR 10 its own lines, all but bgpd as a file's", async () => {
  const parts = [
    only("bfdd", asFile([...filters, ...bfd])),
    only("bgpd", [...filters, ...router]),
    onlyMgmtd(filters),
  ];
  const { frr, exec } = frrWith({
    [LIST]: EMPTY_10,
    [LIST_10]: EMPTY_10,
    ...Object.fromEntries(parts.map((part) => [part, ok("")])),
  });
  await frr.apply([...filters, ...router, ...bfd]);
  assert.deepEqual(exec.ran.slice(-3).toSorted(), parts);
});

Deno.test("apply() asks line by line when one of FRR 10's daemons refuses its part", async () => {
  const lines = [...filters, ...router];
  const refused = {
    code: 1,
    stdout: "vm# configure terminal\nvm(config)# ip prefix-list p0 permit 10.0.0.0/8\n% No\n",
    stderr: "",
  };
  const { frr, exec } = frrWith({
    [LIST]: EMPTY_10,
    [LIST_10]: EMPTY_10,
    [onlyMgmtd(filters)]: refused,
    [only("mgmtd", ["XFRR_end_configuration"])]: ok(""),
    [only("bfdd", ["XFRR_end_configuration"])]: ok(""),
    [only("bfdd", asFile(filters))]: ok(""),
    [only("bgpd", lines)]: ok(""),
    [plain(lines)]: refused,
  });
  await assert.rejects(frr.apply(lines), {
    message: 'Cannot configure FRR: "ip prefix-list p0 permit 10.0.0.0/8": No',
  });
  assert.equal(exec.ran.at(-2), plain(lines));
});

Deno.test("apply() leaves to vtysh few lines, those that it does not know, and all where there are other daemons", async () => {
  const few = [...filters.slice(0, 10), ...router];
  const strange = [...filters, "hostname x"];
  const { frr, exec } = frrWith({
    [LIST]: EMPTY_10,
    [LIST_10]: EMPTY_10,
    [plain(few)]: ok(""),
    [plain(strange)]: ok(""),
  });
  await frr.apply(few);
  assert.equal(exec.ran.at(-1), plain(few));
  await frr.apply(strange);
  assert.equal(exec.ran.at(-1), plain(strange));
  const withOspf = ok(EMPTY_10.stdout.replace("zebra", "zebra ospfd"));
  const other = frrWith({ [LIST]: withOspf, [LIST_10]: withOspf, [plain(filters)]: ok("") });
  await other.frr.apply(filters);
  assert.equal(other.exec.ran.at(-1), plain(filters));
});

Deno.test("apply() runs nothing for a daemon of FRR 10 that takes none of the lines", async () => {
  const tunnels = Array.from({ length: 10 }, (_, i) => [
    `interface meshover0-tun${i}`,
    "no ipv6 nd suppress-ra",
    "ipv6 nd ra-interval 3",
    "exit",
  ]).flat();
  const { frr, exec } = frrWith({
    [LIST]: EMPTY_10,
    [LIST_10]: EMPTY_10,
    [onlyMgmtd(tunnels)]: ok(""),
  });
  await frr.apply(tunnels);
  assert.equal(exec.ran.at(-1), onlyMgmtd(tunnels));
});
