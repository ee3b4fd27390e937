import assert from "node:assert/strict";
import fc from "fast-check";
import { parseAsn } from "../../lib/model/asn.ts";
import { parsePrefix } from "../../lib/model/prefix.ts";
import { type FrrInput, renderFrrConf } from "../../lib/plan/frr_conf.ts";
import {
  type AppliedFrrConf,
  diffFrrConf,
  planFrrChange,
  removeFrrConf,
} from "../../lib/plan/frr_diff.ts";
import { frrInput, TEMPLATE, tunnel } from "./frr_fixture.ts";
import { CONTEXT, FrrListing } from "./frr_listing.ts";

/** A node's FRR with the agent's memory of it. */
class Managed {
  readonly frr = new FrrListing();
  applied: AppliedFrrConf | undefined;
  begun: string | undefined;

  configure(text: string): readonly string[] {
    const lines = this.pending(text);
    this.frr.session(lines);
    this.applied = { text, runningAfter: this.frr.text() };
    this.begun = undefined;
    return lines;
  }

  /** As {@link configure} by an agent that is killed when FRR has taken the first `count` lines. */
  configureKilled(text: string, count: number): void {
    const { lines, sets } = planFrrChange({ desired: text, ...this, running: this.frr.text() });
    this.begun = (this.begun ?? "") + sets;
    this.frr.session(withExits(lines.slice(0, count)));
  }

  pending(text: string): readonly string[] {
    return diffFrrConf({ desired: text, ...this, running: this.frr.text() });
  }
}

/** A session that was cut off, with what leaves the contexts that it is inside of. */
function withExits(lines: readonly string[]): readonly string[] {
  const depth = lines.reduce((at, line) => {
    return /^exit/.test(line) ? at - 1 : CONTEXT.test(line) ? at + 1 : at;
  }, 0);
  return [...lines, ...Array.from({ length: depth }, () => "exit")];
}

const inputs: fc.Arbitrary<FrrInput> = fc.record({
  peers: fc.uniqueArray(fc.integer({ min: 2, max: 9 }), { maxLength: 5 }),
  bfd: fc.constantFrom("lan", "wan", "off"),
  devices: fc.uniqueArray(fc.constantFrom("eth0", "eth1", "wlan0"), { maxLength: 3 }),
  deny: fc.uniqueArray(fc.constantFrom("10.1.0.0/16", "10.2.0.0/16", "fd00:1::/64"), {
    maxLength: 3,
  }),
  policy: fc.option(fc.uniqueArray(fc.integer({ min: 2, max: 9 }), { maxLength: 4 }), {
    nil: undefined,
  }),
}).map(({ peers, bfd, devices, deny, policy }) =>
  frrInput({
    tunnels: peers.map(tunnel),
    bfd: bfd as "lan",
    underlayDevices: devices,
    announceDeny: deny.map(parsePrefix),
    ...policy === undefined ? {} : {
      policy: policy.map((number) => ({
        number,
        asn: parseAsn(`${number}`),
        prefixes: [parsePrefix(`10.${number}.0.0/16`)],
      })),
    },
  })
);

const render = (input: FrrInput) => renderFrrConf(TEMPLATE, input);

Deno.test("diffFrrConf() needs nothing after it was applied", () => {
  fc.assert(
    fc.property(fc.array(inputs, { minLength: 1, maxLength: 4 }), (steps) => {
      const node = new Managed();
      for (const input of steps) {
        node.configure(render(input));
        assert.deepEqual(node.pending(render(input)), []);
      }
    }),
    { numRuns: 30 },
  );
});

const sorted = (frr: FrrListing) => frr.text().replaceAll(/ seq \d+/g, "").split("\n").sort();

Deno.test("what an agent had begun when it was killed is taken back when nobody wants it any more", () => {
  const counts = fc.array(fc.tuple(inputs, fc.nat(200)), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.option(inputs), counts, inputs, (first, killed, last) => {
      const [through, direct] = [new Managed(), new Managed()];
      if (first !== null) through.configure(render(first));
      for (const [input, count] of killed) through.configureKilled(render(input), count);
      through.configure(render(last));
      direct.configure(render(last));
      assert.deepEqual(sorted(through.frr), sorted(direct.frr));
    }),
    { numRuns: 60 },
  );
});

Deno.test("diffFrrConf() leads to the same configuration whatever was there before", () => {
  fc.assert(
    fc.property(inputs, inputs, (first, last) => {
      const [through, direct] = [new Managed(), new Managed()];
      through.configure(render(first));
      through.configure(render(last));
      direct.configure(render(last));
      assert.deepEqual(sorted(through.frr), sorted(direct.frr));
    }),
    { numRuns: 30 },
  );
});

Deno.test("removeFrrConf() leaves nothing of meshover and all of the operator's", () => {
  const own = [
    "ip prefix-list mine permit 10.0.0.0/8",
    "router bgp 4200000001",
    "neighbor 10.9.9.9 remote-as 65000",
    "exit",
  ];
  fc.assert(
    fc.property(inputs, (input) => {
      const node = new Managed();
      node.configure(render(input));
      node.frr.session(own);
      assert.deepEqual(node.pending(render(input)), []);
      node.frr.session(removeFrrConf(node, node.frr.text()));
      const left = node.frr.text();
      assert.ok(
        left.includes("neighbor 10.9.9.9 remote-as 65000") &&
          left.includes("ip prefix-list mine seq"),
      );
      assert.doesNotMatch(left, /meshover|fabric|route-map/);
    }),
    { numRuns: 30 },
  );
});

Deno.test("diffFrrConf() touches only a peer that comes or goes", () => {
  const node = new Managed();
  node.configure(render(frrInput({ tunnels: [tunnel(2)] })));
  assert.deepEqual(node.configure(render(frrInput({ tunnels: [tunnel(2), tunnel(3)] }))), [
    "interface meshover0-tun3",
    "no ipv6 nd suppress-ra",
    "ipv6 nd ra-interval 1",
    "exit",
    "router bgp 4200000001",
    "neighbor meshover0-tun3 interface v6only peer-group fabric",
    "neighbor meshover0-tun3 remote-as 4200000003",
    "neighbor meshover0-tun3 description node3",
    "exit",
  ]);
  assert.deepEqual(node.configure(render(frrInput({ tunnels: [tunnel(3)] }))), [
    "router bgp 4200000001",
    "no neighbor meshover0-tun2 interface v6only peer-group fabric",
    "exit",
    "interface meshover0-tun2",
    "no ipv6 nd ra-interval 1",
    "ipv6 nd suppress-ra",
    "exit",
  ]);
});

Deno.test("diffFrrConf() sets what FRR hides again after FRR lost the rest", () => {
  const text =
    "bfd\n profile meshover\n  detect-multiplier 3\n exit\nexit\ninterface a\n ipv6 nd ra-interval 1\nexit\n";
  const node = new Managed();
  node.configure(text);
  assert.doesNotMatch(node.frr.text(), /detect-multiplier/);
  assert.deepEqual(node.pending(text), []);
  const changed = node.frr.text().replace(" profile meshover\n", "$&  detect-multiplier 9\n");
  assert.ok(
    diffFrrConf({ desired: text, ...node, running: changed }).includes("detect-multiplier 3"),
  );
  const restarted = diffFrrConf({ desired: text, applied: node.applied, running: "" });
  assert.ok(restarted.includes("detect-multiplier 3"), restarted.join("\n"));
});

Deno.test("diffFrrConf() sets again what somebody took out", () => {
  const node = new Managed();
  const text = render(frrInput());
  node.configure(text);
  node.frr.session(["router bgp 4200000001", "no neighbor fabric timers connect 5", "exit"]);
  assert.deepEqual(node.pending(text), [
    "router bgp 4200000001",
    "neighbor fabric timers connect 5",
    "exit",
  ]);
});

Deno.test("diffFrrConf() takes back the old value of an unknown setting before it sets the new one", () => {
  const applied = {
    text: "router bgp 1\n frob level 5\nexit\n",
    runningAfter: "router bgp 1\n frob level 5\nexit\n",
  };
  assert.deepEqual(
    diffFrrConf({
      desired: "router bgp 1\n frob level 6\nexit\n",
      applied,
      running: applied.runningAfter,
    }),
    [
      "router bgp 1",
      "no frob level 5",
      "frob level 6",
      "exit",
    ],
  );
});

Deno.test("diffFrrConf() takes the old instance of BGP away first when the AS number changes", () => {
  const node = new Managed();
  node.configure(render(frrInput()));
  const lines = node.configure(render(frrInput({ asn: parseAsn("4200000099") })));
  assert.equal(lines[0], "no router bgp 4200000001");
  assert.ok(lines.includes("router bgp 4200000099"));
  assert.deepEqual(node.pending(render(frrInput({ asn: parseAsn("4200000099") }))), []);
});

Deno.test("diffFrrConf() knows stale parts by meshover's mark when the record of them is lost", () => {
  const node = new Managed();
  node.configure(render(frrInput()));
  node.applied = undefined;
  const lines = node.configure(render(frrInput({ tunnels: [tunnel(2)] })));
  assert.ok(lines.includes("no neighbor meshover0-tun3 interface v6only peer-group fabric"));
});

Deno.test("diffFrrConf() sets a neighbour before its address family when a template has two blocks", () => {
  const desired =
    "router bgp 1\n address-family ipv4 unicast\n  network 10.0.0.0/24\n exit-address-family\nexit\n" +
    "router bgp 1\n neighbor 10.9.9.9 remote-as 2\n address-family ipv4 unicast\n  neighbor 10.9.9.9 activate\n exit-address-family\nexit\n";
  assert.deepEqual(diffFrrConf({ desired, applied: undefined, running: "" }), [
    "router bgp 1",
    "neighbor 10.9.9.9 remote-as 2",
    "address-family ipv4 unicast",
    "network 10.0.0.0/24",
    "neighbor 10.9.9.9 activate",
    "exit-address-family",
    "exit",
  ]);
});

Deno.test("diffFrrConf() replaces an entry of a path list in its place when a node gets another AS number", () => {
  const withAsn = (asn: string) =>
    render(frrInput({
      trust: {
        mode: "open",
        decisions: [],
        origins: [{ number: 2, asn: parseAsn(asn), addresses: [parsePrefix("10.128.0.2/32")] }],
      },
    }));
  const before = withAsn("4200000002");
  const lines = diffFrrConf({
    desired: withAsn("4200000099"),
    applied: { text: before, runningAfter: before },
    running: before,
  });
  assert.deepEqual(lines, [
    "bgp as-path access-list meshover-not-0-2 seq 1 deny _4200000099(_6[45][0-9][0-9][0-9])*$",
  ]);
});
