import assert from "node:assert/strict";
import { ChangeLog } from "../../lib/agent/log.ts";
import { OverlookedAddresses } from "../../lib/agent/overlooked_addresses.ts";
import { parseInterfaceAddress, parsePrefix } from "../../lib/model/prefix.ts";
import { FakeExec } from "../host/fake_exec.ts";

const ADDRESSES = ["10.128.0.1/32", "fd00:beef:beef:1::1/64"].map(parseInterfaceAddress);

function announcing(...prefixes: string[]) {
  return { announced: prefixes.map(parsePrefix) };
}

Deno.test("a node address that is not announced is given to the kernel anew, and only once", async () => {
  const exec = new FakeExec({ "ip -batch -": { code: 0, stdout: "", stderr: "" } });
  const overlooked = new OverlookedAddresses({ exec, changes: new ChangeLog(() => {}) });
  const all = announcing("10.128.0.1/32", "fd00:beef:beef:1::/64", "10.77.0.0/24");
  await overlooked.look(ADDRESSES, undefined);
  await overlooked.look(ADDRESSES, all);
  assert.deepEqual(exec.inputs, []);
  await overlooked.look(ADDRESSES, announcing("10.128.0.1/32"));
  await overlooked.look(ADDRESSES, announcing("10.128.0.1/32"));
  assert.deepEqual(exec.inputs, [
    "address delete fd00:beef:beef:1::1/64 dev dummy-meshover0\n" +
    "address add fd00:beef:beef:1::1/64 dev dummy-meshover0 nodad\n",
  ]);
  await overlooked.look(ADDRESSES, all);
  await overlooked.look(ADDRESSES, announcing("fd00:beef:beef:1::/64"));
  assert.equal(
    exec.inputs.at(-1),
    "address delete 10.128.0.1/32 dev dummy-meshover0\naddress add 10.128.0.1/32 dev dummy-meshover0\n",
  );
});
