import type { EnrolRequest, Mesh } from "../../lib/model/enrolment_api.ts";
import { parseAddress } from "../../lib/model/address.ts";
import { parseHostName } from "../../lib/model/host_name.ts";
import { parsePrefix } from "../../lib/model/prefix.ts";
import { parseWgKey } from "../../lib/model/wg_key.ts";
import type { Draw } from "../../lib/plan/allocate.ts";
import type { Database } from "../../lib/store/database.ts";
import type { EnrolCall } from "../../lib/store/enrol.ts";
import { rememberPools } from "../../lib/store/mesh.ts";
import { openDatabase, placeInFolder } from "../../lib/store/open_database.ts";
import { insertToken } from "../../lib/store/tokens.ts";

/** Pools of most tests. */
export const POOLS: Mesh = {
  tunnelPools: [parsePrefix("10.192.0.0/12")],
  nodePools: [parsePrefix("10.128.0.0/12"), parsePrefix("fd00:beef:beef::/48")],
};

/** Time of most tests. */
export const NOW = "2026-01-01T00:00:00.000Z";

/** Hash of a reusable token that is in every database of {@link withDatabase}. */
export const TOKEN = "reusable";

/** The system's randomness. */
export const draw: Draw = (below: bigint): bigint =>
  BigInt(`0x${crypto.getRandomValues(new Uint8Array(24)).toHex()}`) % below;

/** Runs `task` on a new embedded database in a folder of its own. */
export async function withDatabase(
  task: (database: Database, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "meshover-store-" });
  try {
    const database = await openDatabase(placeInFolder(folder), { meshId: "test" });
    try {
      await database.write(async (tx) => {
        await rememberPools(tx, POOLS);
        await insertToken(tx, {
          hash: TOKEN,
          prefix: "",
          once: false,
          note: "",
          name: null,
          now: NOW,
          expiresAt: null,
        });
      });
      await task(database, folder);
    } finally {
      await database.close();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What a node tells of itself. */
export function reportOf(port = 12912): EnrolRequest["report"] {
  return {
    publicKey: parseWgKey(crypto.getRandomValues(new Uint8Array(32)).toBase64()),
    port,
    candidates: [parseAddress("192.0.2.1")],
    tunnels: ["gre", "vxlan"],
    wg: "kernel",
    underlayMtu: 1500,
    gathers: [],
    version: "0.1.0",
  };
}

/** An enrolment of a name with a secret hash of its own. */
export function enrolCall(name: string, change: Partial<EnrolCall> = {}): EnrolCall {
  return {
    request: { name: parseHostName(name), report: reportOf() },
    secretHash: `secret of ${name}`,
    tokenHash: TOKEN,
    seenAddress: null,
    pools: POOLS,
    draw,
    now: NOW,
    source: "192.0.2.1",
    ...change,
  };
}
