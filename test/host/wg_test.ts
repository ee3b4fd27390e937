import assert from "node:assert/strict";
import { parseWgDump, wgConfigText } from "../../lib/host/wg.ts";
import { planWgSync } from "../../lib/plan/wg_sync.ts";
import { desiredState } from "../../lib/plan/topology.ts";
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
