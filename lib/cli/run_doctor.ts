import { examine } from "../agent/doctor.ts";
import { DatedFetch } from "../agent/doctor_controller.ts";
import type { DoctorOptions } from "../agent/doctor.ts";
import { readLocalStatus } from "../agent/local_status.ts";
import { FILES, recall } from "../agent/memory.ts";
import type { FrrBackendName } from "../agent/options.ts";
import { orElse } from "../agent/or_else.ts";
import { ControllerClient } from "../client/controller_client.ts";
import { parseControllerUrl, requireSafeUrl } from "../client/controller_url.ts";
import { SystemExec } from "../host/exec.ts";
import { StateDir } from "../host/state_dir.ts";
import type { HostName } from "../model/host_name.ts";
import { type Check, worst } from "../plan/doctor_check.ts";
import { fetchOf } from "./controller_flags.ts";
import { doctorText } from "./doctor_text.ts";
import { type AgentFlagValues, optionsOf } from "./run_agent.ts";

/** What says how an agent runs: nothing that a check has a use for. */
type AgentOnly = "agenttoken" | "dry-run" | "once" | "log";

/** Values of the flags of `meshover doctor`: the agent's; what is not given is taken from what the agent left behind. */
export type DoctorFlagValues = Omit<AgentFlagValues, AgentOnly | "frr" | "wg-port"> & {
  readonly frr: FrrBackendName | undefined;
  readonly "wg-port": number | undefined;
  readonly json: boolean;
};

/** How long to wait for a controller, milliseconds: shorter than an agent, because a person waits. */
const WAIT_MS = 5_000;

/** What the agent of this machine was started with, as far as it wrote it down. */
async function filledIn(flags: DoctorFlagValues): Promise<Omit<AgentFlagValues, AgentOnly>> {
  const dir = new StateDir(flags.statedir);
  const [record, identity, snapshot, status] = await Promise.all([
    orElse(recall(dir, FILES.host), undefined),
    orElse(recall(dir, FILES.identity), undefined),
    orElse(recall(dir, FILES.snapshot), undefined),
    orElse(readLocalStatus(flags.statedir), undefined),
  ]);
  const self = snapshot?.peers.find((peer) => peer.number === identity?.enrolled?.self.number);
  const known = status === undefined ? [] : [parseControllerUrl(status.controller.url)];
  return {
    ...flags,
    frr: flags.frr ?? record?.frrBackend ?? "system",
    "wg-port": flags["wg-port"] ?? self?.port ?? 12912,
    controlserver: flags.controlserver.length > 0 ? flags.controlserver : known,
  };
}

function controllerOf(flags: Omit<AgentFlagValues, AgentOnly>): DoctorOptions["controller"] {
  const urls = flags.controlserver;
  if (urls.length === 0) return undefined;
  const dated = new DatedFetch(fetchOf(flags), () => Date.now());
  const credential = { kind: "none" } as const;
  const client = new ControllerClient({ urls, credential, fetch: dated.fetch, timeoutMs: WAIT_MS });
  return { client, dated };
}

/** The findings about this machine. @throws {InputError} when a controller would be talked to in the clear. */
export async function examineWith(given: DoctorFlagValues): Promise<readonly Check[]> {
  for (const url of given.controlserver) {
    requireSafeUrl(url, { insecureHttp: given["insecure-http"] });
  }
  const flags = await filledIn(given);
  return await examine({
    exec: new SystemExec(),
    options: optionsOf({ ...flags, agenttoken: undefined }, "this-machine" as HostName),
    controller: controllerOf(flags),
    nowMs: Date.now(),
  });
}

/** Runs `meshover doctor` and returns its exit code: 1 when a check failed. */
export async function runDoctor(
  flags: DoctorFlagValues,
  print: (line: string) => void,
): Promise<number> {
  const checks = await examineWith(flags);
  const verdict = worst(checks);
  print(flags.json ? JSON.stringify({ verdict, checks }) : doctorText(checks));
  return verdict === "failed" ? 1 : 0;
}
