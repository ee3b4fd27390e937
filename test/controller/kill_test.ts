import assert from "node:assert/strict";
import { RunningController } from "../../bench/controller/running_controller.ts";
import { each, makeNode, newToken } from "../../bench/controller/swarm.ts";
import type { EnrolAnswer } from "../../lib/model/enrolment_api.ts";
import type { Assignment } from "../../lib/model/node.ts";
import { EmbeddedDriver } from "../../lib/store/embedded_driver.ts";
import { waitFor } from "../lab/wait_for.ts";
import { requireAllKept } from "./acknowledged.ts";

/** MESHOVER_FULL=1 runs it as often and as large as it is worth; the default shows that it works. */
const FULL = Deno.env.get("MESHOVER_FULL") !== undefined;
const ROUNDS = FULL ? 20 : 2;
const NODES = FULL ? 1000 : 150;

/** Random moments lie within this, milliseconds: about as long as the enrolments take. */
const SPAN_MS = FULL ? 1500 : 400;

async function enrolUntilKilled(
  controller: RunningController,
  options: { round: number; token: string; acknowledged: Map<string, Assignment> },
): Promise<void> {
  const nodes = Array.from({ length: NODES }, (_, i) => makeNode(options.round * NODES + i));
  await each(nodes, {
    width: 50,
    task: async ({ request }) => {
      const response = await fetch(controller.url("/v1/enrol"), {
        method: "POST",
        headers: { authorization: `Bearer ${options.token}`, "content-type": "application/json" },
        body: JSON.stringify(request),
      }).catch(() => undefined);
      if (response === undefined) return;
      const answer = await response.json().catch(() => undefined) as EnrolAnswer | undefined;
      if (answer === undefined) return;
      assert.equal(response.status, 200);
      options.acknowledged.set(request.name, answer.self);
    },
  });
}

async function requireClean(folder: string): Promise<void> {
  const driver = await EmbeddedDriver.open(`${folder}/meshover.db`);
  const [row] = await driver.all("PRAGMA integrity_check", []);
  driver.close();
  assert.deepEqual(Object.values(row!), ["ok"]);
}

Deno.test(`kill -9 during ${NODES} enrolments, ${ROUNDS} times over, loses nothing that was acknowledged`, async () => {
  const folder = await Deno.makeTempDir({ prefix: "meshover-kill-" });
  const acknowledged = new Map<string, Assignment>();
  try {
    let controller = await RunningController.start(folder);
    const token = await newToken(controller);
    for (let round = 0; round < ROUNDS; round++) {
      const enrolments = enrolUntilKilled(controller, { round, token, acknowledged });
      // The first ones take longer on a busy machine; the moment is random among the others.
      const before = acknowledged.size;
      await waitFor("an enrolment", () => Promise.resolve(acknowledged.size > before), {
        everyMs: 1,
      });
      await new Promise((resolve) => setTimeout(resolve, Math.random() * SPAN_MS));
      await controller.stop("SIGKILL");
      await enrolments;
      await requireClean(folder);
      controller = await RunningController.start(folder);
      await requireAllKept(controller, acknowledged);
    }
    await controller.stop();
    if (FULL) console.log(`${acknowledged.size} acknowledged enrolments, all kept`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
