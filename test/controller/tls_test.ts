import assert from "node:assert/strict";
import { RunningController } from "../../bench/controller/running_controller.ts";
import { ControllerClient } from "../../lib/client/controller_client.ts";
import { type ControllerCa, parseControllerCa } from "../../lib/client/controller_ca.ts";
import { parseControllerUrl } from "../../lib/client/controller_url.ts";
import { pinnedDialer } from "../../lib/client/pinned_dialer.ts";
import { fingerprint, issueCertificate, makeAuthority } from "../../lib/controller/certificates.ts";
import { keepRenewed } from "../../lib/controller/keep_renewed.ts";
import { ownTls } from "../../lib/controller/tls_keeper.ts";
import { type Authority, readAuthority } from "../../lib/store/authority.ts";
import { parseHostName } from "../../lib/model/host_name.ts";
import type { NodeReport } from "../../lib/model/node.ts";
import { parseWgKey } from "../../lib/model/wg_key.ts";
import { openDatabase, placeInFolder } from "../../lib/store/open_database.ts";
import { waitFor } from "../lab/wait_for.ts";
import { withDatabase } from "../store/with_database.ts";

async function inFolder(task: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "meshover-tls-" });
  try {
    await task(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function clientOf(controller: RunningController, ca: ControllerCa): ControllerClient {
  return new ControllerClient({
    urls: [parseControllerUrl(`https://127.0.0.1:${controller.port}`)],
    credential: { kind: "admin", password: "bench" },
    fetch: pinnedDialer(ca).fetch,
  });
}

async function authorityIn(folder: string): Promise<Authority> {
  const database = await openDatabase(placeInFolder(folder), {});
  try {
    return (await database.read(readAuthority))!;
  } finally {
    await database.close();
  }
}

Deno.test("a client trusts exactly the controllers whose certificate comes from the CA that it pins", () =>
  inFolder(async (folder) => {
    const controller = await RunningController.start([
      "--statefile",
      folder,
      "--tls-name",
      "localhost",
    ]);
    try {
      const { cert } = await authorityIn(folder);
      for (const ca of [await fingerprint(cert), cert]) {
        assert.deepEqual(await clientOf(controller, parseControllerCa(ca)).tokens(), {
          tokens: [],
        });
      }
      const stranger = parseControllerCa(`sha256:${"00".repeat(32)}`);
      await assert.rejects(
        clientOf(controller, stranger).tokens(),
        /does not come from the pinned CA/,
      );
      const namesake = parseControllerCa((await makeAuthority(Date.now())).cert);
      await assert.rejects(clientOf(controller, namesake).tokens(), /Cannot list the tokens/);
    } finally {
      await controller.stop("SIGKILL");
    }
  }));

Deno.test("an operator's certificate is read again on SIGHUP, without a restart", () =>
  inFolder(async (folder) => {
    const [first, second] = [await makeAuthority(Date.now()), await makeAuthority(Date.now())];
    const install = async (authority: Authority) => {
      const pair = await issueCertificate({ authority, names: [], now: Date.now(), days: 30 });
      await Deno.writeTextFile(`${folder}/cert.pem`, pair.cert);
      await Deno.writeTextFile(`${folder}/key.pem`, pair.key);
    };
    await install(first);
    const files = ["--tls-cert", `${folder}/cert.pem`, "--tls-key", `${folder}/key.pem`];
    const controller = await RunningController.start(["--statefile", folder, ...files]);
    try {
      assert.deepEqual(await clientOf(controller, parseControllerCa(first.cert)).tokens(), {
        tokens: [],
      });
      await install(second);
      Deno.kill(controller.pid, "SIGHUP");
      const renewed = clientOf(controller, parseControllerCa(second.cert));
      const answer = await waitFor("the second certificate", () => renewed.tokens());
      assert.deepEqual(answer, { tokens: [] });
    } finally {
      await controller.stop("SIGKILL");
    }
  }));

Deno.test("controllers that start at once on one database share the CA that was stored first", () =>
  withDatabase(async (database) => {
    const start = () => ownTls({ database, names: [], now: Date.now });
    const sources = await Promise.all([start(), start(), start()]);
    assert.equal(new Set(sources.map((source) => source.caFingerprint)).size, 1);
  }));

Deno.test("a request that the controller holds is given up at once, also on a connection that was used before", () =>
  inFolder(async (folder) => {
    const controller = await RunningController.start(["--statefile", folder, "--tls-name", "x"]);
    try {
      const { cert } = await authorityIn(folder);
      const admin = clientOf(controller, parseControllerCa(cert));
      const { token } = await admin.createToken({});
      const secret = "ab".repeat(32);
      const report: NodeReport = {
        publicKey: parseWgKey(btoa("x".repeat(32))),
        port: 12912,
        candidates: [],
        tunnels: ["gre"],
        wg: "kernel",
        underlayMtu: 1500,
        gathers: [],
        version: "0.1.0",
      };
      await admin.as({ kind: "token", token }).enrol({ name: parseHostName("n1"), secret, report });
      const node = admin.as({ kind: "node", secret });
      const { revision } = await node.feed({ since: 0 });
      const started = performance.now();
      const told = AbortSignal.timeout(500);
      await assert.rejects(node.feed({ since: revision, signal: told }), { name: "TimeoutError" });
      // The controller would have answered after 20 s.
      assert.ok(performance.now() - started < 15_000);
      assert.equal((await node.feed({ since: 0 })).revision, revision);
    } finally {
      await controller.stop();
    }
  }));

Deno.test("a certificate of its own is replaced when it is due, and one that fails leaves the old one", () =>
  withDatabase(async (database) => {
    const tls = await ownTls({ database, names: [], now: Date.now, renewAfterMs: 0 });
    const used: string[] = [];
    const lines: string[] = [];
    const twice = Promise.withResolvers<void>();
    const renewing = keepRenewed({
      tls,
      listener: {
        renew: (pair) => {
          used.push(pair.cert);
          return used.length === 1
            ? Promise.reject(new Error("the port is gone"))
            : Promise.resolve();
        },
      },
      log: (_level, message) => {
        lines.push(message);
        if (lines.length === 2) twice.resolve();
      },
      everyMs: 10,
    });
    await twice.promise;
    await renewing.stop();
    assert.match(lines[0]!, /the port is gone; the old one stays/);
    assert.equal(lines[1], "the certificate was replaced");
    assert.notEqual(used[0], used[1]);
  }));
