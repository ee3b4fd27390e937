import assert from "node:assert/strict";
import { InputError } from "../../lib/model/errors.ts";
import { parsePrefix } from "../../lib/model/prefix.ts";
import { checkPools } from "../../lib/plan/pools.ts";

const pools = (tunnel: string[], node: string[]) => ({
  tunnelPools: tunnel.map(parsePrefix),
  nodePools: node.map(parsePrefix),
});

Deno.test("checkPools() takes private and public pools of both families together", () => {
  checkPools(
    pools(["10.192.0.0/12", "fd00:5::/64", "198.51.100.0/28"], [
      "10.128.0.0/12",
      "fd00:beef:beef::/48",
      "192.0.2.0/28",
      "2001:db8::/56",
    ]),
  );
});

Deno.test("checkPools() names the flag and the prefix that are wrong", () => {
  assert.throws(() => checkPools(pools([], ["10.0.0.0/8"])), InputError);
  assert.throws(() => checkPools(pools(["10.0.0.0/8"], [])), /--assignaddress is empty/);
  assert.throws(
    () => checkPools(pools(["fd00::/48"], ["10.0.0.0/8"])),
    /--wgaddress has no IPv4 prefix/,
  );
  assert.throws(
    () => checkPools(pools(["10.128.0.0/16"], ["10.128.0.0/12"])),
    /--wgaddress 10\.128\.0\.0\/16 and --assignaddress 10\.128\.0\.0\/12 overlap/,
  );
});
