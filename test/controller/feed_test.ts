import assert from "node:assert/strict";
import type { FeedAnswer } from "../../lib/model/feed_api.ts";
import { feedAnswerSchema } from "../../lib/model/feed_api.ts";
import { type Tried, withController } from "../see/with_controller.ts";
import { reportOf } from "../store/with_database.ts";

async function read(
  { send }: Tried,
  options: { secret: string; since: number },
): Promise<FeedAnswer> {
  const response = await send(`/v1/feed?since=${options.since}`, {
    headers: { authorization: `Bearer ${options.secret}` },
  });
  assert.equal(response.status, 200);
  return feedAnswerSchema.parse(await response.json());
}

async function report({ send }: Tried, options: { secret: string; port: number }): Promise<void> {
  const response = await send("/v1/node", {
    method: "PUT",
    headers: { authorization: `Bearer ${options.secret}`, "content-type": "application/json" },
    body: JSON.stringify(reportOf(options.port)),
  });
  assert.equal(response.status, 200);
  await response.body?.cancel();
}

Deno.test("the feed begins with everything, then tells what changed and nothing else", () =>
  withController(async (tried) => {
    await tried.mesh.enrol(["n1", "n2", "n3"]);
    const [first, second] = [tried.mesh.node("n1"), tried.mesh.node("n2")];
    const all = await read(tried, { secret: first.secret, since: 0 });
    assert.equal(all.full, true);
    assert.deepEqual(all.peers.map((peer) => peer.name).sort(), ["n1", "n2", "n3"]);
    const next = read(tried, { secret: first.secret, since: all.revision });
    await report(tried, { secret: second.secret, port: 4242 });
    const delta = await next;
    assert.equal(delta.full, false);
    assert.deepEqual(delta.peers.map((peer) => [peer.name, peer.port]), [["n2", 4242]]);
    assert.ok(delta.revision > all.revision);
  }));

Deno.test("the feed names removed nodes, and only those", () =>
  withController(async (tried) => {
    await tried.mesh.enrol(["n1", "n2"]);
    const { secret } = tried.mesh.node("n1");
    const before = await read(tried, { secret, since: 0 });
    assert.deepEqual(before.removed, []);
    const next = read(tried, { secret, since: before.revision });
    await tried.mesh.admin("DELETE", { path: "/v1/nodes/n2" });
    const gone = [tried.mesh.node("n2").self.number];
    assert.deepEqual((await next).removed, gone);
    const again = await read(tried, { secret, since: 0 });
    assert.deepEqual(again.removed, gone);
    assert.deepEqual(again.peers.map((peer) => peer.name), ["n1"]);
  }));

Deno.test("the feed answers a reader from the future with everything", () =>
  withController(async (tried) => {
    await tried.mesh.enrol(["n1"]);
    const answer = await read(tried, { secret: tried.mesh.node("n1").secret, since: 1_000_000 });
    assert.equal(answer.full, true);
    assert.equal(answer.peers.length, 1);
  }));

Deno.test("the feed gathers a burst into fewer answers than changes", () =>
  withController(async (tried) => {
    await tried.mesh.enrol(["n1", "n2", "n3", "n4", "n5"]);
    const { secret } = tried.mesh.node("n1");
    const { revision } = await read(tried, { secret, since: 0 });
    let next = read(tried, { secret, since: revision });
    await Promise.all(
      tried.mesh.nodes.map((node, i) => report(tried, { secret: node.secret, port: 3000 + i })),
    );
    const heard = new Set<number>();
    for (let answers = 1; answers < 5; answers++) {
      const answer = await next;
      answer.peers.forEach((peer) => heard.add(peer.port));
      if (heard.size === 5) return;
      next = read(tried, { secret, since: answer.revision });
    }
    assert.fail(`heard of ${heard.size} changes in 4 answers`);
  }));

Deno.test("the feed gives all readers of a revision the same bytes", () =>
  withController(async (tried) => {
    await tried.mesh.enrol(["n1", "n2"]);
    const texts = await Promise.all(tried.mesh.nodes.map(async ({ secret }) => {
      const response = await tried.send("/v1/feed?since=0", {
        headers: { authorization: `Bearer ${secret}` },
      });
      return await response.text();
    }));
    assert.equal(texts[0], texts[1]);
  }));

Deno.test("a report that says nothing new moves nothing", () =>
  withController(async (tried) => {
    await tried.mesh.enrol(["n1"]);
    const { secret } = tried.mesh.node("n1");
    const body = JSON.stringify(reportOf(99));
    const put = async () => {
      const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
      await (await tried.send("/v1/node", { method: "PUT", headers, body })).body?.cancel();
      return (await read(tried, { secret, since: 0 })).revision;
    };
    assert.equal(await put(), await put());
  }));

Deno.test("one node cannot hold any number of feed requests open", () =>
  withController(async (tried) => {
    await tried.mesh.enrol(["n1"]);
    const { secret } = tried.mesh.node("n1");
    const { revision } = await read(tried, { secret, since: 0 });
    const statuses: number[] = [];
    const open = Array.from({ length: 20 }, async () => {
      const response = await tried.send(`/v1/feed?since=${revision}`, {
        headers: { authorization: `Bearer ${secret}` },
      });
      await response.body?.cancel();
      statuses.push(response.status);
      if (statuses.length === 12) await report(tried, { secret, port: 7 });
    });
    await Promise.all(open);
    assert.equal(statuses.filter((status) => status === 429).length, 12);
  }));

Deno.test("the feed lets a reader wait who knows all of a burst already", () =>
  withController(async (tried) => {
    await tried.mesh.enrol(["n1", "n2"]);
    const { secret } = tried.mesh.node("n1");
    const { revision } = await read(tried, { secret, since: 0 });
    const next = read(tried, { secret, since: revision });
    await new Promise((resolve) => setTimeout(resolve, 120));
    await report(tried, { secret: tried.mesh.node("n2").secret, port: 4242 });
    assert.deepEqual((await next).peers.map((peer) => peer.port), [4242]);
  }));
