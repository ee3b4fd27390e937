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

const onlyMgmtd = (lines: readonly string[]) =>
  `vtysh -d mgmtd -E -c configure terminal file-lock\nXFRR_start_configuration\n${
    lines.join("\n")
  }\nXFRR_end_configuration`;
const only = (daemon: string, lines: readonly string[]) =>
  `vtysh -d ${daemon} -E -c configure terminal\n${lines.join("\n")}`;
const filters = many.slice(0, 40);
const router = ["router bgp 65001", "bgp router-id 10.0.0.1", "exit"];
const bfd = ["bfd", "profile meshover", "exit", "exit"];

Deno.test("apply() gives each daemon of FRR 10 its own lines, mgmtd as a file's", async () => {
  const { frr, exec } = frrWith({
    [LIST]: EMPTY_10,
    [LIST_10]: EMPTY_10,
    [onlyMgmtd(filters)]: ok(""),
    [only("bgpd", [...filters, ...router])]: ok(""),
    [only("bfdd", bfd)]: ok(""),
  });
  await frr.apply([...filters, ...router, ...bfd]);
  assert.deepEqual(exec.ran.slice(-3).toSorted(), [
    only("bfdd", bfd),
    only("bgpd", [...filters, ...router]),
    onlyMgmtd(filters),
  ]);
});

Deno.test("apply() asks line by line when one of FRR 10's daemons refuses its part", async () => {
  const lines = [...filters, ...router];
  const refused = {
    code: 1,
    stdout: "vm# configure terminal\nvm(config)# ip prefix-list p0 permit 10.0.0.0/8\n% No\n",
    stderr: "",
  };
  const plain = `vtysh -E -c configure terminal\n${lines.join("\n")}`;
  const { frr, exec } = frrWith({
    [LIST]: EMPTY_10,
    [LIST_10]: EMPTY_10,
    [onlyMgmtd(filters)]: refused,
    [only("mgmtd", ["XFRR_end_configuration"])]: ok(""),
    [only("bgpd", lines)]: ok(""),
    [plain]: refused,
  });
  await assert.rejects(frr.apply(lines), {
    message: 'Cannot configure FRR: "ip prefix-list p0 permit 10.0.0.0/8": No',
  });
  assert.equal(exec.ran.at(-2), plain);
});

Deno.test("apply() leaves few lines, and those that it does not know, to vtysh", async () => {
  const plain = (lines: readonly string[]) => `vtysh -E -c configure terminal\n${lines.join("\n")}`;
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
});
