import type { ControllerClient } from "../client/controller_client.ts";
import { messageOf } from "../model/errors.ts";
import type { Assignment } from "../model/node.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { enrol } from "./enrol.ts";
import type { ChangeLog, Log } from "./log.ts";
import type { Identity } from "./memory.ts";
import type { Node } from "./node.ts";

const MUST_ENROL =
  "the controller does not know this node any more, as after the restore of an older backup: " +
  "give the agent --agenttoken, and it joins again with the addresses that it has";

/** What enrolling again needs. */
export interface EnrolAgainOptions {
  readonly node: Node;
  /** Client without a credential. */
  readonly client: ControllerClient;
  readonly log: Log;
  readonly changes: ChangeLog;
  readonly self: Assignment;
  readonly snapshot: Snapshot;
}

/** Enrols a node that the controller has forgotten, as who it was; undefined when that does not work, which is said. */
export async function enrolAgain(options: EnrolAgainOptions): Promise<Identity | undefined> {
  const { node, client, log, changes, self, snapshot } = options;
  const { dir, options: { agentToken: token } } = node.with_;
  if (token === undefined) {
    changes.say("enrol", "error", MUST_ENROL);
    return undefined;
  }
  try {
    const { report } = await node.plan(self, snapshot, 0);
    const { name } = self;
    const identity = await enrol({ dir, client, token, name, report, claim: self });
    changes.over("enrol", "the controller knows this node again");
    log("warning", "the controller did not know this node any more; it has enrolled again");
    return identity;
  } catch (error) {
    changes.say("enrol", "warning", messageOf(error));
    return undefined;
  }
}
