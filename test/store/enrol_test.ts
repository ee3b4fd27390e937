import assert from "node:assert/strict";
import { parseAsn } from "../../lib/model/asn.ts";
import { parseAddress } from "../../lib/model/address.ts";
import { parseHostName } from "../../lib/model/host_name.ts";
import { contains, networkOf, parseInterfaceAddress, parsePrefix } from "../../lib/model/prefix.ts";
import { endQuarantine } from "../../lib/store/leases.ts";
import { enrol } from "../../lib/store/enrol.ts";
import { rememberPools } from "../../lib/store/mesh.ts";
import { addNode, removeNode, resetNode, setNode } from "../../lib/store/node_changes.ts";
import { insertToken, listTokens } from "../../lib/store/tokens.ts";
import { draw, enrolCall, NOW, POOLS, withDatabase } from "./with_database.ts";

const context = { pools: POOLS, draw, now: NOW };
const n1 = parseHostName("n1");
const once = {
  hash: "once",
  prefix: "",
  once: true,
  note: "",
  name: null,
  now: NOW,
  expiresAt: null,
};

Deno.test("enrol() gives many nodes at once numbers, addresses and AS numbers that nobody else has", () =>
  withDatabase(async (database) => {
    const names = Array.from({ length: 200 }, (_, i) => `n${i}`);
    const all = await Promise.all(
      names.map((name) => database.write((tx) => enrol(tx, enrolCall(name)))),
    );
    const given = all.flatMap((
      a,
    ) => [`#${a.number}`, `AS${a.asn}`, a.tunnelAddress, ...a.addresses]);
    assert.equal(new Set(given).size, 200 * 5);
    for (const { addresses: [v4, v6] } of all) {
      assert.ok(contains(parsePrefix("10.128.0.0/12"), networkOf(v4!)));
      assert.match(v6!, /^fd00:beef:beef:[0-9a-f]+::1\/64$|^fd00:beef:beef::1\/64$/);
    }
  }));

Deno.test("enrol() gives the same node the same again, also after the token is spent", () =>
  withDatabase(async (database) => {
    await database.write((tx) => insertToken(tx, once));
    const call = enrolCall("n1", { tokenHash: "once" });
    const first = await database.write((tx) => enrol(tx, call));
    assert.deepEqual(await database.write((tx) => enrol(tx, call)), first);
    const tokens = await database.read((db) => listTokens(db, NOW));
    assert.deepEqual(tokens.map((token) => [token.uses, token.state]), [[0, "valid"], [
      1,
      "spent",
    ]]);
    await assert.rejects(
      database.write((tx) => enrol(tx, enrolCall("n2", { tokenHash: "once" }))),
      { code: "token_spent" },
    );
  }));

Deno.test("enrol() leaves a once-token unspent when the enrolment fails", () =>
  withDatabase(async (database) => {
    await database.write((tx) => insertToken(tx, once));
    await database.write((tx) => enrol(tx, enrolCall("n1")));
    const stolen = enrolCall("n1", { tokenHash: "once", secretHash: "other" });
    await assert.rejects(database.write((tx) => enrol(tx, stolen)), { code: "name_taken" });
    const tokens = await database.read((db) => listTokens(db, NOW));
    assert.equal(tokens[1]!.state, "valid");
  }));

Deno.test("enrol() of one once-token by many nodes at once admits exactly one", () =>
  withDatabase(async (database) => {
    await database.write((tx) => insertToken(tx, once));
    const tries = Array.from(
      { length: 20 },
      (_, i) => database.write((tx) => enrol(tx, enrolCall(`n${i}`, { tokenHash: "once" }))),
    );
    const results = await Promise.allSettled(tries);
    assert.equal(results.filter((result) => result.status === "fulfilled").length, 1);
  }));

Deno.test("enrol() names a full pool, its size and what to do; others are not harmed", () =>
  withDatabase(async (database) => {
    const pools = { ...POOLS, nodePools: [parsePrefix("10.1.0.0/30")] };
    await database.write((tx) => rememberPools(tx, pools));
    for (const name of ["a", "b"]) {
      await database.write((tx) => enrol(tx, enrolCall(name, { pools })));
    }
    const full = /node address pool 10\.1\.0\.0\/30 \(room for 2\) is full; .*--assignaddress/;
    await assert.rejects(database.write((tx) => enrol(tx, enrolCall("c", { pools }))), full);
    await database.write((tx) => enrol(tx, enrolCall("c")));
  }));

Deno.test("enrol() takes tunnel addresses from the next pool when the first is full", () =>
  withDatabase(async (database) => {
    const pools = {
      ...POOLS,
      tunnelPools: [parsePrefix("10.2.0.0/31"), parsePrefix("10.3.0.0/31")],
    };
    const given = [];
    for (const name of ["a", "b", "c", "d"]) {
      given.push(
        (await database.write((tx) => enrol(tx, enrolCall(name, { pools })))).tunnelAddress,
      );
    }
    assert.deepEqual(given.sort(), ["10.2.0.0", "10.2.0.1", "10.3.0.0", "10.3.0.1"]);
  }));

Deno.test("enrol() gives a reserved node what was reserved", () =>
  withDatabase(async (database) => {
    const wanted = {
      name: n1,
      asn: parseAsn("65001"),
      addresses: [parseInterfaceAddress("10.128.0.7/32")],
      tunnelAddress: parseAddress("10.192.0.7"),
    };
    const reserved = await database.write((tx) => addNode(tx, wanted, context));
    const self = await database.write((tx) => enrol(tx, enrolCall("n1")));
    assert.deepEqual(self, reserved);
    assert.deepEqual([self.asn, self.addresses, self.tunnelAddress], [
      65001,
      ["10.128.0.7/32"],
      "10.192.0.7",
    ]);
  }));

Deno.test("addNode() refuses what another node holds, in whatever form", () =>
  withDatabase(async (database) => {
    const addresses = [parseInterfaceAddress("fd00:beef:beef:7::1/64")];
    await database.write((tx) => addNode(tx, { name: n1, addresses }, context));
    const inside = {
      name: parseHostName("n2"),
      addresses: [parseInterfaceAddress("fd00:beef:beef:7::99/128")],
    };
    await assert.rejects(database.write((tx) => addNode(tx, inside, context)), {
      code: "lease_taken",
    });
  }));

Deno.test("setNode() changes what was asked for and nothing else; the old address rests", () =>
  withDatabase(async (database) => {
    const before = await database.write((tx) => enrol(tx, enrolCall("n1")));
    const addresses = [parseInterfaceAddress("10.128.0.9/32")];
    const after = await database.write((tx) => setNode(tx, { name: n1, addresses }, context));
    assert.deepEqual(after, { ...before, addresses });
    const old = { name: parseHostName("n2"), addresses: before.addresses };
    await assert.rejects(database.write((tx) => addNode(tx, old, context)), {
      code: "lease_taken",
    });
    const back = await database.write((tx) =>
      setNode(tx, { name: n1, addresses: before.addresses }, context)
    );
    assert.deepEqual(back, before);
  }));

Deno.test("removeNode() keeps number and secret for ever, addresses for the quarantine", () =>
  withDatabase(async (database) => {
    const first = await database.write((tx) => enrol(tx, enrolCall("n1")));
    await database.write((tx) => removeNode(tx, { name: n1, now: NOW }));
    await assert.rejects(database.write((tx) => enrol(tx, enrolCall("n1"))), {
      code: "node_removed",
    });
    const again = await database.write((tx) => enrol(tx, enrolCall("n1", { secretHash: "new" })));
    assert.ok(again.number > first.number);
    const wanted = { name: parseHostName("n2"), addresses: first.addresses };
    await assert.rejects(database.write((tx) => addNode(tx, wanted, context)), {
      code: "lease_taken",
    });
    await database.write((tx) => endQuarantine(tx, "2026-01-01T00:00:00.001Z"));
    await database.write((tx) => addNode(tx, wanted, context));
  }));

Deno.test("resetNode() lets a new secret have the name with its addresses, and shuts the old one out", () =>
  withDatabase(async (database) => {
    const before = await database.write((tx) => enrol(tx, enrolCall("n1")));
    await database.write((tx) => resetNode(tx, n1));
    const after = await database.write((tx) => enrol(tx, enrolCall("n1", { secretHash: "new" })));
    assert.deepEqual(after, before);
    await assert.rejects(database.write((tx) => enrol(tx, enrolCall("n1"))), {
      code: "name_taken",
    });
  }));

Deno.test("enrol() honours what a node had before the database was lost, if it is free and in a pool", () =>
  withDatabase(async (database) => {
    const claim = {
      number: 40,
      asn: parseAsn("4200000040"),
      addresses: [
        parseInterfaceAddress("10.128.9.9/32"),
        parseInterfaceAddress("fd00:beef:beef:9::1/64"),
      ],
      tunnelAddress: parseAddress("10.192.9.9"),
    };
    const asked = (name: string, wish = claim) => {
      const call = enrolCall(name);
      return database.write((tx) =>
        enrol(tx, { ...call, request: { ...call.request, claim: wish } })
      );
    };
    assert.deepEqual(await asked("n1"), { ...claim, name: "n1" });
    assert.notEqual((await asked("n2")).number, 40);
    const foreign = { ...claim, number: 41, addresses: [parseInterfaceAddress("8.8.8.8/32")] };
    assert.ok(!(await asked("n3", foreign)).addresses.includes(foreign.addresses[0]!));
  }));

Deno.test("enrol() passes over numbers that were claimed ahead of the counter", () =>
  withDatabase(async (database) => {
    const call = enrolCall("ahead");
    const claim = {
      number: 2,
      asn: parseAsn("4200000900"),
      addresses: [parseInterfaceAddress("10.128.9.9/32")],
      tunnelAddress: parseAddress("10.192.9.9"),
    };
    await database.write((tx) => enrol(tx, { ...call, request: { ...call.request, claim } }));
    const numbers = [];
    for (const name of ["a", "b", "c"]) {
      numbers.push((await database.write((tx) => enrol(tx, enrolCall(name)))).number);
    }
    assert.deepEqual(numbers, [1, 3, 4]);
  }));

Deno.test("enrol() gives a tunnel address of each family that there are pools for; who came before keeps what it has", () =>
  withDatabase(async (database) => {
    const before = await database.write((tx) => enrol(tx, enrolCall("old")));
    assert.equal(before.tunnelAddress6, undefined);
    const pools = {
      ...POOLS,
      tunnelPools: ["fd00:5::/127", "10.192.0.0/12", "2001:db8:5::/48"].map(parsePrefix),
    };
    await database.write((tx) => rememberPools(tx, pools));
    const given = [];
    for (const name of ["a", "b", "c"]) {
      given.push(await database.write((tx) => enrol(tx, enrolCall(name, { pools }))));
    }
    for (const { tunnelAddress } of given) assert.match(tunnelAddress, /^10\.19[2-9]|^10\.20[0-7]/);
    const [first, second, third] = given.map((self) => self.tunnelAddress6!);
    assert.deepEqual([first, second].sort(), ["fd00:5::", "fd00:5::1"]);
    assert.ok(third!.startsWith("2001:db8:5:"), "the next pool when the first is full");
    assert.deepEqual(await database.write((tx) => enrol(tx, enrolCall("old", { pools }))), before);
    const asn = parseAsn("65001");
    const changed = await database.write((tx) =>
      setNode(tx, { name: parseHostName("old"), asn }, { ...context, pools })
    );
    assert.deepEqual(changed, { ...before, asn });
  }));

Deno.test("setNode() gives an IPv6 tunnel address by name, and refuses one that another node has", () =>
  withDatabase(async (database) => {
    const before = await database.write((tx) => enrol(tx, enrolCall("n1")));
    const tunnelAddress6 = parseAddress("fd00:5::7");
    const after = await database.write((tx) => setNode(tx, { name: n1, tunnelAddress6 }, context));
    assert.deepEqual(after, { ...before, tunnelAddress6 });
    assert.deepEqual(await database.write((tx) => enrol(tx, enrolCall("n1"))), after);
    const other = { name: parseHostName("n2"), tunnelAddress6 };
    await assert.rejects(database.write((tx) => addNode(tx, other, context)), {
      code: "lease_taken",
    });
  }));
