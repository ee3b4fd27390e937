import assert from "node:assert/strict";
import { ChangeLog } from "../../lib/agent/log.ts";
import { FILES, type Identity, recall } from "../../lib/agent/memory.ts";
import { SecretKeeper } from "../../lib/agent/secret_keeper.ts";
import { ControllerClient } from "../../lib/client/controller_client.ts";
import { parseControllerUrl } from "../../lib/client/controller_url.ts";
import { StateDir } from "../../lib/host/state_dir.ts";
import { feedAnswerSchema } from "../../lib/model/feed_api.ts";
import { NO_SNAPSHOT, type Snapshot, takeFeed } from "../../lib/plan/snapshot.ts";
import { type Tried, withController } from "../see/with_controller.ts";

/** What becomes of the next call of the agent. */
type Fate = "works" | "answer lost" | "not sent";

interface Told {
  readonly keeper: SecretKeeper;
  /** The agent after a crash: it knows only what is on disk. */
  readonly restarted: () => Promise<SecretKeeper>;
  readonly fates: Fate[];
  /** What the controller tells the node with the secret that it shows now. */
  readonly hear: (keeper: SecretKeeper) => Promise<Snapshot>;
  readonly statusOf: (secret: string) => Promise<number>;
}

async function withNode(task: (told: Told, tried: Tried) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir({ prefix: "meshover-secret-" });
  await withController(async (tried) => {
    await tried.mesh.enrol(["n1"]);
    const { self, secret } = tried.mesh.node("n1");
    const fates: Fate[] = [];
    const dir = new StateDir(path);
    const client = new ControllerClient({
      urls: [parseControllerUrl("http://127.0.0.1:1")],
      credential: { kind: "none" },
      fetch: async (input, init) => {
        const fate = fates.shift() ?? "works";
        if (fate === "not sent") throw new Error("no route");
        const answer = await tried.send(new URL(input).pathname, init);
        if (fate === "works") return answer;
        await answer.body?.cancel();
        throw new Error("the line broke");
      },
    });
    const parts = { dir, client, changes: new ChangeLog(() => {}), log: () => {} };
    const mesh = { tunnelPools: [], nodePools: [] };
    const identity: Identity = { secret, enrolled: { self, mesh } };
    const read = (shown: string) =>
      tried.send("/v1/feed?since=0", { headers: { authorization: `Bearer ${shown}` } });
    await task({
      keeper: new SecretKeeper(parts, identity),
      restarted: async () => new SecretKeeper(parts, (await recall(dir, FILES.identity))!),
      fates,
      hear: async ({ credential }) => {
        const answer = await (await read(credential.secret)).json();
        return takeFeed(NO_SNAPSHOT, feedAnswerSchema.parse(answer)).snapshot;
      },
      statusOf: async (shown) => {
        const { status, body } = await read(shown);
        await body?.cancel();
        return status;
      },
    }, tried);
  });
  await Deno.remove(path, { recursive: true });
}

const ask = ({ mesh }: Tried) => mesh.admin("POST", { path: "/v1/nodes/n1/rotate" });

Deno.test("a node that is asked makes a new secret once, and the old one is refused when the new one was used", () =>
  withNode(async ({ keeper, hear, statusOf }, tried) => {
    const old = keeper.credential.secret;
    keeper.look(await hear(keeper));
    await keeper.idle();
    assert.equal(keeper.credential.secret, old, "nobody asked for a new one");

    await ask(tried);
    const asking = await hear(keeper);
    keeper.look(asking);
    await keeper.idle();
    const fresh = keeper.credential.secret;
    assert.notEqual(fresh, old);
    assert.equal(await statusOf(fresh), 200);
    assert.equal(await statusOf(old), 401);

    // What it heard before goes on asking until the controller tells something newer.
    keeper.look(asking);
    keeper.look(await hear(keeper));
    await keeper.idle();
    assert.equal(keeper.credential.secret, fresh);
  }));

Deno.test("a new secret whose way to the controller or back breaks off is not lost, also when the agent ends", () =>
  withNode(async ({ keeper, restarted, fates, hear, statusOf }, tried) => {
    const old = keeper.credential.secret;
    await ask(tried);
    const asking = await hear(keeper);
    for (const fate of ["not sent", "answer lost"] as const) {
      fates.push(fate);
      keeper.look(asking);
      await keeper.idle();
      assert.equal(keeper.credential.secret, old, fate);
      assert.equal(await statusOf(old), 200, fate);
    }
    const again = await restarted();
    assert.equal(again.credential.secret, old);
    again.look(await hear(again));
    await again.idle();
    assert.notEqual(again.credential.secret, old);
    assert.equal(await statusOf(again.credential.secret), 200);
    assert.equal(await statusOf(old), 401);
    assert.equal((await restarted()).credential.secret, again.credential.secret);
  }));

Deno.test("an operator sees that a new secret was asked for, and since when it is in use", () =>
  withNode(async ({ keeper, hear, statusOf }, tried) => {
    const shown = async () =>
      await tried.mesh.admin("GET", { path: "/v1/nodes/n1" }) as {
        secretSince: string;
        secretAskedAt: string | null;
      };
    const before = await shown();
    assert.equal(before.secretAskedAt, null);
    await ask(tried);
    assert.ok((await shown()).secretAskedAt !== null);
    keeper.look(await hear(keeper));
    await keeper.idle();
    await statusOf(keeper.credential.secret);
    const after = await shown();
    assert.equal(after.secretAskedAt, null);
    assert.ok(after.secretSince > before.secretSince);
  }));

Deno.test("a name without a secret cannot be asked for a new one", () =>
  withNode(async (_told, tried) => {
    await tried.mesh.admin("POST", { path: "/v1/nodes", body: { name: "later" } });
    await assert.rejects(
      tried.mesh.admin("POST", { path: "/v1/nodes/later/rotate" }),
      /409.*no_secret|no_secret/,
    );
  }));
