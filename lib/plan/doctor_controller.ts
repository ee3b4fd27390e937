import { type Check, failed, ok, warning } from "./doctor_check.ts";
import type { DoctorFacts } from "./doctor_facts.ts";

/** Seconds of difference that certificates and logs can live with. */
const CLOSE_S = 5;
/** From here on certificates and tokens are taken for expired or not yet valid. */
const FAR_S = 300;

function ahead(seconds: number): string {
  const amount = Math.abs(seconds) < 10
    ? Math.abs(seconds).toFixed(1)
    : String(Math.round(Math.abs(seconds)));
  return `${amount} s ${seconds < 0 ? "behind" : "ahead of"} the controller's`;
}

/** This machine's clock against the controller's. */
export function checkTime({ controller, ntpSynchronised }: DoctorFacts): Check {
  const id = "time";
  const difference = controller?.clockAheadS;
  const remedy = "install and start a time service (apt-get install systemd-timesyncd, or chrony)";
  if (difference !== undefined && Math.abs(difference) > FAR_S) {
    return failed(
      id,
      `the clock is ${ahead(difference)}: certificates and tokens seem expired`,
      remedy,
    );
  }
  if (difference !== undefined && Math.abs(difference) > CLOSE_S) {
    return warning(id, `the clock is ${ahead(difference)}`, remedy);
  }
  if (ntpSynchronised === false) {
    return warning(id, "no time service keeps the clock right", remedy);
  }
  if (difference !== undefined) return ok(id, "the clock agrees with the controller's");
  return ntpSynchronised === true
    ? ok(id, "a time service keeps the clock right")
    : ok(id, "not compared: no controller answered, and systemd tells nothing of a time service");
}

/** Whether the controller answers, is trusted, and knows this node. */
export function checkController({ controller, agent }: DoctorFacts): Check {
  const id = "controller";
  if (controller === undefined) {
    return warning(
      id,
      "not checked: no controller is named, and no agent has run here",
      "give --controlserver URL (and --controller-ca), or --config with the agent's file",
    );
  }
  const { url, unreachable, refusal, knowsNode } = controller;
  if (unreachable !== undefined) {
    const stays = agent.statusAgeS === undefined
      ? ""
      : "; the overlay stays up without it, but hears of no change";
    return failed(
      id,
      `${url}: ${unreachable}`,
      `check that the controller runs, that a firewall lets this machine reach it, and --controller-ca${stays}`,
    );
  }
  if (refusal !== undefined) {
    return failed(
      id,
      `${url} answers, but: ${refusal}`,
      'enrol again: "meshover down", move the state directory away, and start the agent with a new token',
    );
  }
  return ok(
    id,
    `${url} answers${knowsNode ? " and knows this node" : "; this node has not enrolled yet"}`,
  );
}
