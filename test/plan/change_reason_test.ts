import assert from "node:assert/strict";
import type { Change } from "../../lib/plan/change.ts";
import { reasonOf } from "../../lib/plan/change_reason.ts";
import { EMPTY_STATE, type HostState, type Link } from "../../lib/plan/host_state.ts";
import type { IpAddress } from "../../lib/model/address.ts";
import type { WgKey } from "../../lib/model/wg_key.ts";

const tunnel: Link = {
  name: "meshover0-tun2",
  shape: { kind: "gre", local: "10.192.0.1" as IpAddress, remote: "10.192.0.2" as IpAddress },
  mtu: 1396,
  up: true,
};
const withTunnel: HostState = { ...EMPTY_STATE, links: new Map([[tunnel.name, tunnel]]) };
const names = new Map([[2, "n2"]]);
const peerName = (number: number) => names.get(number);
const add: Change = { kind: "link.add", link: tunnel };

Deno.test("reasonOf() tells a new peer, one that left, and somebody else's deed apart", () => {
  const reason = (change: Change, before: HostState | undefined, now: HostState) =>
    reasonOf(change, { before, now, peerName });
  assert.equal(reason(add, EMPTY_STATE, withTunnel), "for the peer n2");
  assert.equal(
    reason(add, withTunnel, withTunnel),
    "somebody changed it, or it failed before",
  );
  assert.equal(
    reason(add, undefined, withTunnel),
    "not there when the agent started, for the peer n2",
  );
  assert.equal(
    reason({ kind: "link.delete", name: tunnel.name }, withTunnel, EMPTY_STATE),
    "the peer n2 left",
  );
});

Deno.test("reasonOf() says why parameters, WireGuard, FRR and nftables are changed", () => {
  const sysctl: Change = { kind: "sysctl.set", key: "net.ipv4.ip_forward", value: "1", old: "0" };
  const forwarding = { ...EMPTY_STATE, sysctls: new Map([[sysctl.key, "1"]]) };
  const facts = { before: forwarding, now: forwarding, peerName };
  assert.match(reasonOf(sysctl, facts), /somebody changed it/);
  const wg = { kind: "wg.sync", port: 1, setsKey: false, peers: [], changed: [] } as const;
  const key = "k" as WgKey;
  const left: Change = { ...wg, added: [], removed: [key] };
  assert.equal(reasonOf(left, facts), "peers left");
  const frr: Change = { kind: "frr.apply", lines: ["x"], sets: "x\n", text: "x" };
  const same = { ...EMPTY_STATE, frr: { text: "x" } };
  assert.match(reasonOf(frr, { before: same, now: same, peerName }), /FRR was restarted/);
  assert.match(reasonOf(frr, { before: EMPTY_STATE, now: same, peerName }), /peers or what/);
  const lines = ["router bgp 1", "address-family ipv4 unicast", "no network 10.0.0.0/8", "exit"];
  const network: Change = { ...frr, lines };
  assert.match(reasonOf(network, { before: EMPTY_STATE, now: same, peerName }), /does not look at/);
  const nft: Change = { kind: "nft.replace", text: "t" };
  const filtered = { ...EMPTY_STATE, nft: { text: "t" } };
  assert.match(reasonOf(nft, { before: EMPTY_STATE, now: filtered, peerName }), /default route/);
});
