import { describeChange } from "../plan/change.ts";
import { ProblemError } from "../client/problem_error.ts";
import { messageOf } from "../model/errors.ts";
import { takeFeed } from "../plan/snapshot.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { prepare, type StartOptions } from "./start.ts";
import type { Identity } from "./memory.ts";

/** Asks the controller for what changed; without an answer what is known has to do. */
async function freshSnapshot(
  start: StartOptions,
  known: { identity: Identity; snapshot: Snapshot },
): Promise<Snapshot> {
  try {
    const client = start.client.as({ kind: "node", secret: known.identity.secret });
    return takeFeed(known.snapshot, await client.feed({ since: 0 })).snapshot;
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    start.log("warning", `${messageOf(error)}; planning with what was known last`);
    return known.snapshot;
  }
}

/** Prints what an agent would do now, and changes nothing. Returns the exit code. */
export async function dryRun(
  start: StartOptions & { readonly print: (line: string) => void },
): Promise<number> {
  const { node, identity, snapshot, lock } = await prepare({ ...start, readOnly: true });
  try {
    if (identity?.enrolled === undefined) {
      start.print(
        `would enrol as "${start.options.hostname}" with ${start.client.url}, which gives it its addresses`,
      );
      start.print(
        "would then set kernel parameters, make the devices dummy-meshover0 and meshover0 and a tunnel a peer,",
      );
      start.print(
        `and configure FRR (${start.options.frr.backend}); after enrolling, --dry-run lists every change`,
      );
      return 0;
    }
    const known = await freshSnapshot(start, { identity, snapshot });
    const plan = await node.plan(identity.enrolled.self, known, Math.floor(Date.now() / 1000));
    for (const change of plan.changes) start.print(`would ${describeChange(change)}`);
    if (plan.frrProblem !== undefined) {
      start.print(`cannot configure FRR: ${plan.frrProblem}`);
      return 1;
    }
    if (plan.changes.length === 0) start.print("nothing to do");
    return 0;
  } finally {
    lock?.release();
  }
}
