import assert from "node:assert/strict";
import { RunningController } from "../../bench/controller/running_controller.ts";
import { each, makeNode, newToken } from "../../bench/controller/swarm.ts";
import { ControllerClient } from "../../lib/client/controller_client.ts";
import { parseControllerUrl } from "../../lib/client/controller_url.ts";
import type { Assignment } from "../../lib/model/node.ts";
import { requireAllKept } from "./acknowledged.ts";
import { Sqld } from "./sqld.ts";

/** MESHOVER_FULL=1 runs it as often and as large as it is worth; the default shows that it works. */
const FULL = Deno.env.get("MESHOVER_FULL") !== undefined;
const NODES = FULL ? 1000 : 90;

/** Which of the three controllers is killed: each in turn, or any one. */
const VICTIMS = FULL ? [0, 1, 2] : [Math.floor(Math.random() * 3)];

const sqld = await Sqld.find();
if ("reason" in sqld) console.log(`skipped several controllers: ${sqld.reason}`);

interface Cluster {
  readonly server: Sqld;
  readonly controllers: RunningController[];
  readonly token: string;
}

async function withCluster(task: (cluster: Cluster) => Promise<void>): Promise<void> {
  if ("reason" in sqld) throw new Error(sqld.reason);
  const folder = await Deno.makeTempDir({ prefix: "meshover-sqld-" });
  const server = await Sqld.start({ binary: sqld.binary, folder });
  const start = () => RunningController.start(["--database", server.url]);
  const controllers = await Promise.all([start(), start(), start()]);
  try {
    await task({ server, controllers, token: await newToken(controllers[0]!) });
  } finally {
    for (const controller of controllers) await controller.stop("SIGKILL");
    await server.stop();
    await Deno.remove(folder, { recursive: true });
  }
}

/** A client that begins with another controller than the one before. */
function clientOf(cluster: Cluster, first: number): ControllerClient {
  const urls = cluster.controllers.map((controller) =>
    parseControllerUrl(controller.url("").replace(/\/$/, ""))
  );
  const turned = [...urls.slice(first % urls.length), ...urls.slice(0, first % urls.length)];
  return new ControllerClient({
    urls: turned,
    credential: { kind: "token", token: cluster.token },
  });
}

/** Enrols as an agent does: the same request again and again until it is acknowledged. */
async function enrolAll(
  cluster: Cluster,
  done: (count: number) => void,
): Promise<Map<string, Assignment>> {
  const acknowledged = new Map<string, Assignment>();
  const nodes = Array.from({ length: NODES }, (_, i) => makeNode(i));
  const deadline = Date.now() + 120_000;
  await each(nodes, {
    width: 24,
    task: async ({ request }, index) => {
      const client = clientOf(cluster, index);
      while (!acknowledged.has(request.name)) {
        const answer = await client.enrol(request).catch((error) => {
          if (Date.now() > deadline) throw error;
        });
        if (answer !== undefined) acknowledged.set(request.name, answer.self);
      }
      done(acknowledged.size);
    },
  });
  return acknowledged;
}

for (const victim of VICTIMS) {
  Deno.test({
    name:
      `three controllers on one database: number ${victim} is killed, the database restarted, and no enrolment is lost or doubled`,
    ignore: "reason" in sqld,
    fn: () =>
      withCluster(async (cluster) => {
        let faults: Promise<void> | undefined;
        const acknowledged = await enrolAll(cluster, (count) => {
          if (count === Math.floor(NODES / 3)) faults ??= breakThings(cluster, victim);
        });
        await faults;
        assert.equal(acknowledged.size, NODES);
        const left = cluster.controllers.filter((_, index) => index !== victim);
        for (const controller of left) await requireAllKept(controller, acknowledged);
      }),
  });
}

async function breakThings({ server, controllers }: Cluster, victim: number): Promise<void> {
  await controllers[victim]!.stop("SIGKILL");
  await server.restart();
}

Deno.test({
  name:
    "a change made through one controller reaches the readers of another before their wait is over",
  ignore: "reason" in sqld,
  fn: () =>
    withCluster(async (cluster) => {
      const [reader, writer] = [makeNode(1).request, makeNode(2).request];
      await clientOf(cluster, 0).enrol(reader);
      await clientOf(cluster, 0).enrol(writer);
      // Enrolled a moment ago at another controller: known here all the same.
      const here = clientOf(cluster, 1).as({ kind: "node", secret: reader.secret });
      const there = clientOf(cluster, 2).as({ kind: "node", secret: writer.secret });
      const known = new Set<string>();
      let revision = 0;
      while (!known.has(writer.name)) {
        const answer = await here.feed({ since: revision });
        answer.peers.forEach(({ name }) => known.add(name));
        revision = answer.revision;
      }
      const news = here.feed({ since: revision });
      const begin = performance.now();
      await there.report({ ...writer.report, port: 4000 });
      const { peers } = await news;
      assert.deepEqual(peers.map((peer) => [peer.name, peer.port]), [[writer.name, 4000]]);
      // Without news the request would have been held for 20 s at least.
      assert.ok(performance.now() - begin < 15_000, "the news came with the heartbeat only");
    }),
});
