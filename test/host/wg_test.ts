import assert from "node:assert/strict";
import { applyWgSync, parseWgDump, wgConfigText } from "../../lib/host/wg.ts";
import { planWgSync } from "../../lib/plan/wg_sync.ts";
import { desiredState } from "../../lib/plan/topology.ts";
import { FakeExec } from "./fake_exec.ts";
import { key, none, peer, self } from "../plan/fixture.ts";

const SECRET = "gM2rfGs5jlnPGwvPSk5Bpt60BXuCqUQCCNWrMq0HOUw=";
const DUMP = [
  `${SECRET}\t${key(1)}\t12912\toff`,
  `${key(2)}\t(none)\t[2001:db8::2]:12912\t10.192.0.2/32\t1795324158\t12996\t14160\toff`,
  `${key(3)}\t(none)\t(none)\t(none)\t0\t0\t0\t25`,
  "",
].join("\n");

Deno.test("parseWgDump() reads peers and drops the private key", () => {
  const { config, counters } = parseWgDump(DUMP);
  assert.equal(config.publicKey, key(1));
  assert.equal(config.port, 12912);
  assert.deepEqual(config.peers.get(key(2)), {
    publicKey: key(2),
    endpoint: "[2001:db8::2]:12912",
    allowedIps: ["10.192.0.2/32"],
    keepaliveS: 0,
    handshakeAt: 1795324158,
  });
  assert.deepEqual(config.peers.get(key(3)), {
    publicKey: key(3),
    allowedIps: [],
    keepaliveS: 25,
    handshakeAt: 0,
  });
  assert.deepEqual(counters.get(key(2)), { rxBytes: 12996, txBytes: 14160 });
  assert.ok(!JSON.stringify([config, [...config.peers], [...counters]]).includes(SECRET));
});

Deno.test("parseWgDump() knows a device without a key", () => {
  assert.equal(parseWgDump("(none)\t(none)\t0\toff\n").config.publicKey, undefined);
});

Deno.test("wgConfigText() leaves out the endpoint of a peer that keeps the one it has", () => {
  const desired = desiredState(self(1), [peer(2), peer(3)], none).wg!;
  const observed = {
    ...parseWgDump(DUMP).config,
    peers: new Map([...parseWgDump(DUMP).config.peers].slice(0, 1)),
  };
  const sync = planWgSync(desired, observed, 1795324160)!;
  assert.equal(
    wgConfigText(sync, "PRIVATE"),
    [
      "[Interface]",
      "PrivateKey = PRIVATE",
      "ListenPort = 12912",
      "",
      "[Peer]",
      `PublicKey = ${key(2)}`,
      "AllowedIPs = 10.192.0.2/32",
      "PersistentKeepalive = off",
      "",
      "[Peer]",
      `PublicKey = ${key(3)}`,
      "AllowedIPs = 10.192.0.3/32",
      "Endpoint = [2001:db8::3]:12912",
      "PersistentKeepalive = off",
      "",
    ].join("\n"),
  );
});

Deno.test("planWgSync() has nothing to do for a device that is as it should be", () => {
  const desired = desiredState(self(1), [peer(2)], none).wg!;
  assert.equal(planWgSync(desired, desired, 0), undefined);
});

const DONE = { code: 0, stdout: "", stderr: "" };
const wgOf = (...numbers: number[]) =>
  desiredState(self(1), numbers.map((number) => peer(number)), none).wg!;

Deno.test("applyWgSync() sets a new device up in one step", async () => {
  const exec = new FakeExec({ "wg syncconf meshover0 /dev/stdin": DONE });
  await applyWgSync(exec, planWgSync(wgOf(2, 3), undefined, 0)!, "PRIVATE");
  assert.equal(exec.ran.length, 1);
  assert.match(exec.inputs[0]!, /PrivateKey = PRIVATE/);
});

Deno.test("applyWgSync() touches no peer but those that come, change or go", async () => {
  const observed = wgOf(2, 3, 4);
  const moved = { ...observed.peers.get(key(3))!, keepaliveS: 25 };
  const desired = {
    ...observed,
    peers: new Map([...wgOf(2, 5).peers, [key(3), moved] as const]),
  };
  const set = `wg set meshover0 peer ${
    key(3)
  } persistent-keepalive 25 allowed-ips 10.192.0.3/32 peer ${key(4)} remove`;
  const exec = new FakeExec({ "wg addconf meshover0 /dev/stdin": DONE, [set]: DONE });
  await applyWgSync(exec, planWgSync(desired, observed, 0)!, "PRIVATE");
  assert.deepEqual(exec.ran, ["wg addconf meshover0 /dev/stdin", set]);
  assert.equal(
    exec.inputs[0],
    [
      "[Peer]",
      `PublicKey = ${key(5)}`,
      "AllowedIPs = 10.192.0.5/32",
      "Endpoint = [2001:db8::5]:12912",
      "PersistentKeepalive = off",
      "",
    ].join("\n"),
  );
});

Deno.test("applyWgSync() changes the port alone", async () => {
  const exec = new FakeExec({ "wg syncconf meshover0 /dev/stdin": DONE });
  const observed = { ...wgOf(2), port: 1 };
  await applyWgSync(exec, planWgSync(wgOf(2), observed, 0)!, "PRIVATE");
  assert.match(exec.inputs[0]!, /ListenPort = 12912/);
});
