import assert from "node:assert/strict";
import { parsePrefix } from "../../lib/model/prefix.ts";
import { type BfdProfileName, renderFrrConf, templateLineOf } from "../../lib/plan/frr_conf.ts";
import { frrInput, TEMPLATE, tunnel } from "./frr_fixture.ts";

const GOLDEN = new URL("../golden/frr.conf", import.meta.url);

Deno.test("renderFrrConf() renders the shipped template as in the golden text", async () => {
  const text = renderFrrConf(TEMPLATE, frrInput());
  // To take over a wanted change: deno eval, or write `text` to test/golden/frr.conf and read the difference.
  assert.equal(text, await Deno.readTextFile(GOLDEN));
});

Deno.test("renderFrrConf() gives the same text for the same peers in another order", () => {
  const [a, b] = [[tunnel(2), tunnel(30), tunnel(7)], [tunnel(30), tunnel(7), tunnel(2)]];
  assert.equal(
    renderFrrConf(TEMPLATE, frrInput({ tunnels: a })),
    renderFrrConf(TEMPLATE, frrInput({ tunnels: b })),
  );
});

Deno.test("renderFrrConf() has the first hundred peers told of this node each second, the others less often", () => {
  const tunnels = Array.from({ length: 102 }, (_, i) => tunnel(300 - i));
  const text = renderFrrConf(TEMPLATE, frrInput({ tunnels }));
  const told = [
    ...text.matchAll(/^interface (\S+)\n no ipv6 nd suppress-ra\n ipv6 nd ra-interval (\d)$/gm),
  ];
  assert.equal(told.length, 102);
  const seldom = told.filter(([, , seconds]) => seconds !== "1").map(([, device, s]) =>
    `${device} ${s}`
  );
  assert.deepEqual(seldom, ["meshover0-tun299 3", "meshover0-tun300 3"]);
});

Deno.test("renderFrrConf() gives BFD the timers of its profile, and leaves it out when it is off", () => {
  const text = (bfd: BfdProfileName) => renderFrrConf(TEMPLATE, frrInput({ bfd }));
  const profile = (multiplier: number, intervalMs: number) =>
    ` profile meshover\n  detect-multiplier ${multiplier}\n  receive-interval ${intervalMs}\n` +
    `  transmit-interval ${intervalMs}\n`;
  assert.ok(text("lan").includes(profile(3, 300)));
  assert.ok(text("wan").includes(profile(5, 1000)));
  for (const bfd of ["lan", "wan"] as const) {
    assert.match(text(bfd), / neighbor fabric bfd\n neighbor fabric bfd profile meshover\n/);
  }
  assert.doesNotMatch(text("off"), /bfd/);
});

Deno.test("renderFrrConf() refuses a template that mustache cannot read, with the line", () => {
  assert.throws(() => renderFrrConf("a\n{{#tunnels}}\nb\n", frrInput()), {
    name: "InputError",
    message: /Cannot read the FRR template in line \d: Unclosed section "tunnels"/,
  });
});

Deno.test("renderFrrConf() refuses a variable that there is not, also inside a list without elements", () => {
  for (const tunnels of [[], [tunnel(2)]]) {
    assert.throws(
      () => renderFrrConf("a\n{{#tunnels}}\n{{devise}}\n{{/tunnels}}\n", frrInput({ tunnels })),
      {
        name: "InputError",
        message: /names "devise" in line 3: there is no such variable; known are allow4, /,
      },
    );
  }
});

Deno.test("renderFrrConf() puts the guard before any template and lets none redefine it", () => {
  assert.match(
    renderFrrConf("!\n", frrInput()),
    /^ip prefix-list meshover-never permit .*\nip protocol bgp route-map meshover-guard\n/s,
  );
  for (
    const line of [
      "ip prefix-list meshover-never seq 1 deny any",
      "no ip  prefix-list meshover-never",
      "ipv6 prefix-list meshover-never6 permit ::/0",
      "ipv6 prefix-list meshover-never6-17 permit ::/0",
      "no ip prefix-list meshover-never-3",
      "route-map meshover-guard permit 5",
      "no route-map meshover-guard",
      "no ip protocol bgp",
      "ip protocol any route-map mine",
      "route-map meshover-trust permit 1",
      "bgp as-path access-list meshover-from-2 permit .*",
      "no ipv6 prefix-list meshover-at-0-1",
    ]
  ) {
    assert.throws(() => renderFrrConf(`!\n${line}\n`, frrInput()), {
      name: "InputError",
      message: /meshover's own guard/,
    }, line);
  }
});

Deno.test("frr.conf.withcoil is frr.conf and what Coil needs, nothing else", async () => {
  const coil = await Deno.readTextFile(new URL("../../conf/frr.conf.withcoil", import.meta.url));
  const body = (text: string) => text.slice(text.indexOf("}}\n") + 3);
  const forCoil = /^ {2}import vrf .*\n/gm;
  const [shared, own] = body(coil).replaceAll(forCoil, "").split("!\n! Coil's exporter");
  assert.equal(shared, body(TEMPLATE));
  assert.match(own!, /\nrouter bgp \{\{asn\}\} vrf \{\{coilVrf\}\}\n/);
  assert.equal(body(coil).match(forCoil)?.length, 4);
});

Deno.test("renderFrrConf() originates networks through the filter of announcements, each in its family", () => {
  const networks = [parsePrefix("10.228.0.0/24"), parsePrefix("fd00:228::/64")];
  const text = renderFrrConf(TEMPLATE, frrInput({ networks }));
  assert.match(
    text,
    /ipv4 unicast\n[^!]*? network 10\.228\.0\.0\/24 route-map meshover-announce\n/,
  );
  assert.match(text, /ipv6 unicast\n[^!]*? network fd00:228::\/64 route-map meshover-announce\n/);
});

Deno.test("templateLineOf() finds the line of the template that a line of the configuration came from", () => {
  const input = frrInput();
  const template = `${TEMPLATE}{{! a comment
over lines }}
{{#tunnels}}
! {{device}} {{#bfd}}with BFD{{/bfd}}
{{/tunnels}}
last
`;
  const rendered = renderFrrConf(template, input).split("\n");
  const lines = template.split("\n");
  const of = (line: string) =>
    lines[templateLineOf(template, input, { line: rendered.indexOf(line) + 1 })! - 1];
  assert.equal(of("! meshover0-tun3 with BFD"), "! {{device}} {{#bfd}}with BFD{{/bfd}}");
  assert.equal(of("last"), "last");
  assert.equal(of(" coalesce-time 50"), " coalesce-time 50");
  assert.equal(templateLineOf(template, input, { line: 1 }), undefined);
});

Deno.test("renderFrrConf() calls a template by its path", () => {
  for (const template of ["{{#tunnels}}\n", "{{devise}}\n", "no ip protocol bgp\n"]) {
    assert.throws(
      () => renderFrrConf(template, frrInput(), { path: "/etc/frr.mustache" }),
      /the FRR template \/etc\/frr\.mustache[: ]/,
    );
  }
});
