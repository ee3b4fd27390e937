import assert from "node:assert/strict";
import fc from "fast-check";
import type { InterfaceAddress } from "../../lib/model/prefix.ts";
import type { WgKey } from "../../lib/model/wg_key.ts";
import { type Change, describeChange } from "../../lib/plan/change.ts";
import {
  EMPTY_STATE,
  type HostState,
  routeKey,
  ruleKey,
  type WgConfig,
  type WgPeer,
} from "../../lib/plan/host_state.ts";
import { reconcile } from "../../lib/plan/reconcile.ts";
import { desiredState } from "../../lib/plan/topology.ts";
import { key, none, peer, self } from "./fixture.ts";

const context = { nowS: 1_800_000_000, frr: { applied: undefined }, nftApplied: undefined };

/** The kernel's side of a change, as far as planning can see it. */
function after(state: HostState, changes: readonly Change[]): HostState {
  const sysctls = new Map(state.sysctls);
  const links = new Map(state.links);
  const addresses = new Map([...state.addresses].map(([dev, set]) => [dev, new Set(set)]));
  const routes = new Map(state.routes);
  const rules = new Map(state.rules);
  let wg: WgConfig | undefined = state.wg;
  const dropRoutes = (dev: string) => {
    for (const route of routes.values()) if (route.dev === dev) routes.delete(routeKey(route));
  };
  for (const c of changes) {
    if (c.kind === "sysctl.set") sysctls.set(c.key, c.value);
    else if (c.kind === "link.add") {
      assert.equal(links.has(c.link.name), false, `${c.link.name} is already there`);
      links.set(c.link.name, { ...c.link, up: false });
      addresses.set(c.link.name, new Set<InterfaceAddress>());
      if (c.link.name === "meshover0") wg = { publicKey: undefined, port: 0, peers: new Map() };
    } else if (c.kind === "link.mtu") links.set(c.name, { ...links.get(c.name)!, mtu: c.mtu });
    else if (c.kind === "link.up") links.set(c.name, { ...links.get(c.name)!, up: true });
    else if (c.kind === "link.delete") {
      assert.ok(links.delete(c.name), `${c.name} is not there`);
      addresses.delete(c.name);
      dropRoutes(c.name);
      if (c.name === "meshover0") wg = undefined;
    } else if (c.kind === "addr.add") addresses.get(c.dev)!.add(c.address);
    else if (c.kind === "addr.delete") assert.ok(addresses.get(c.dev)!.delete(c.address));
    else if (c.kind === "route.replace") {
      assert.ok(links.get(c.route.dev)?.up, `${c.route.dev} is not up`);
      routes.set(routeKey(c.route), c.route);
    } else if (c.kind === "route.delete") assert.ok(routes.delete(routeKey(c.route)));
    else if (c.kind === "rule.add") rules.set(ruleKey(c.rule), c.rule);
    else if (c.kind === "rule.delete") assert.ok(rules.delete(ruleKey(c.rule)));
    else if (c.kind === "wg.sync") {
      assert.ok(wg !== undefined, "no WireGuard device");
      const peers = c.peers.map((p): [WgKey, WgPeer] => {
        const endpoint = p.endpoint ?? wg!.peers.get(p.publicKey)?.endpoint;
        return [p.publicKey, { ...p, ...(endpoint === undefined ? {} : { endpoint }) }];
      });
      wg = { publicKey: key(1), port: c.port, peers: new Map(peers) };
    }
  }
  return { sysctls, links, addresses, routes, rules, wg, frr: state.frr, nft: state.nft };
}

const someState = fc.uniqueArray(fc.integer({ min: 2, max: 130 }), { maxLength: 8 }).chain((
  numbers,
) =>
  fc.record({
    mtu: fc.constantFrom(1500, 9000, 1450),
    vxlan: fc.boolean(),
  }).map(({ mtu, vxlan }) => {
    const base = self(1);
    const peers = numbers.map((n) => peer(n % 250, vxlan ? { tunnels: ["vxlan"] } : {}));
    return desiredState({ ...base, underlay: { ...base.underlay, mtu } }, peers, none);
  })
);

Deno.test("reconcile() finds nothing to do once its changes are made, from any state to any other", () => {
  fc.assert(fc.property(someState, someState, (from, to) => {
    const start = after(EMPTY_STATE, reconcile(from, EMPTY_STATE, context));
    const end = after(start, reconcile(to, start, context));
    assert.deepEqual(reconcile(to, end, context).map(describeChange), []);
  }));
});

Deno.test("reconcile() to the empty state removes every device and route", () => {
  fc.assert(fc.property(someState, (from) => {
    const start = after(EMPTY_STATE, reconcile(from, EMPTY_STATE, context));
    const end = after(start, reconcile(EMPTY_STATE, start, context));
    assert.deepEqual([end.links.size, end.routes.size, end.wg], [0, 0, undefined]);
  }));
});

Deno.test("reconcile() builds a first peer in the order that brings it up fastest", () => {
  const changes = reconcile(desiredState(self(1), [peer(2)], none), EMPTY_STATE, context);
  assert.deepEqual(changes.map(describeChange), [
    "add device dummy-meshover0 (dummy, MTU 1500)",
    "add device meshover0 (wireguard, MTU 1420)",
    "add address 10.128.0.1/32 to dummy-meshover0",
    "add address fd00:beef:beef:1::1/64 to dummy-meshover0",
    "add address 10.192.0.1/32 to meshover0",
    "configure WireGuard: set the key, add 1 peer",
    "bring dummy-meshover0 up",
    "bring meshover0 up",
    "add route to 10.192.0.2/32 by meshover0",
    "add device meshover0-tun2 (gre 10.192.0.1 to 10.192.0.2, MTU 1396)",
    "add address 10.128.0.1/32 to meshover0-tun2",
    "bring meshover0-tun2 up",
  ]);
});

Deno.test("reconcile() tells FRR of a tunnel before the tunnel comes up", () => {
  const desired = desiredState(self(1), [peer(2)], { ...none, frr: { text: "router bgp 1\n" } });
  const kinds = reconcile(desired, { ...EMPTY_STATE, frr: { text: "" } }, context).map((c) =>
    c.kind
  );
  const frr = kinds.indexOf("frr.apply");
  assert.ok(kinds.lastIndexOf("link.add") < frr && frr < kinds.lastIndexOf("link.up"));
});

Deno.test("reconcile() touches only what a new peer needs", () => {
  const two = after(
    EMPTY_STATE,
    reconcile(desiredState(self(1), [peer(2)], none), EMPTY_STATE, context),
  );
  const changes = reconcile(desiredState(self(1), [peer(2), peer(3)], none), two, context);
  assert.deepEqual(changes.map(describeChange), [
    "configure WireGuard: add 1 peer",
    "add route to 10.192.0.3/32 by meshover0",
    "add device meshover0-tun3 (gre 10.192.0.1 to 10.192.0.3, MTU 1396)",
    "add address 10.128.0.1/32 to meshover0-tun3",
    "bring meshover0-tun3 up",
  ]);
});

Deno.test("reconcile() keeps an endpoint that WireGuard learnt while its session lives", () => {
  const desired = desiredState(self(1), [peer(2)], none);
  const up = after(EMPTY_STATE, reconcile(desired, EMPTY_STATE, context));
  const learnt = (handshakeAt: number): HostState => {
    const roamed: WgPeer = {
      ...up.wg!.peers.get(key(2))!,
      endpoint: "198.51.100.7:4500",
      handshakeAt,
    };
    return { ...up, wg: { ...up.wg!, peers: new Map([[key(2), roamed]]) } };
  };
  assert.deepEqual(reconcile(desired, learnt(context.nowS - 60), context), []);
  const [sync] = reconcile(desired, learnt(context.nowS - 600), context);
  assert.ok(sync?.kind === "wg.sync");
  assert.equal(sync.peers[0]!.endpoint, "[2001:db8::2]:12912");
});

Deno.test("reconcile() makes a tunnel anew when its kind changes", () => {
  const gre = after(
    EMPTY_STATE,
    reconcile(desiredState(self(1), [peer(2)], none), EMPTY_STATE, context),
  );
  const changes = reconcile(
    desiredState(self(1), [peer(2, { tunnels: ["vxlan"] })], none),
    gre,
    context,
  );
  assert.deepEqual(changes.map(describeChange), [
    "delete device meshover0-tun2",
    "add device meshover0-tun2 (vxlan 3 10.192.0.1 to 10.192.0.2, MTU 1370)",
    "add address 10.128.0.1/32 to meshover0-tun2",
    "add address fe80::ff:fe02:2/64 to meshover0-tun2",
    "bring meshover0-tun2 up",
  ]);
});

Deno.test("reconcile() puts back an address, a route and a parameter that somebody took", () => {
  const desired = desiredState(self(1), [peer(2)], none);
  const up = after(EMPTY_STATE, reconcile(desired, EMPTY_STATE, context));
  const damaged: HostState = {
    ...up,
    sysctls: new Map([["net.ipv4.ip_forward", "0"]]),
    addresses: new Map([...up.addresses, ["dummy-meshover0", new Set<InterfaceAddress>()]]),
    routes: new Map<string, never>(),
  };
  assert.deepEqual(reconcile(desired, damaged, context).map(describeChange), [
    "set net.ipv4.ip_forward to 1 (was 0)",
    "add address 10.128.0.1/32 to dummy-meshover0",
    "add address fd00:beef:beef:1::1/64 to dummy-meshover0",
    "add route to 10.192.0.2/32 by meshover0",
  ]);
});
