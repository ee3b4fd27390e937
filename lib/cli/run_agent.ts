import frrConf from "../../conf/frr.conf" with { type: "text" };
import frrConfWithCoil from "../../conf/frr.conf.withcoil" with { type: "text" };
import type { Agent } from "../agent/agent.ts";
import { down } from "../agent/down.ts";
import { dryRun } from "../agent/dry_run.ts";
import { type Log, makeLog } from "../agent/log.ts";
import { type MetricsAddress, serveMetrics } from "../agent/metrics.ts";
import type { AgentOptions, BfdProfile, FrrBackendName } from "../agent/options.ts";
import { makeAgent, prepare } from "../agent/start.ts";
import { TemplateFile } from "../host/template_file.ts";
import { InputError, messageOf } from "../model/errors.ts";
import type { HostName } from "../model/host_name.ts";
import type { Prefix } from "../model/prefix.ts";
import type { Wishes } from "../plan/choose_parts.ts";
import type { UnderlayChoice } from "../plan/underlay.ts";
import { readableEnv, serviceManager } from "./service_manager.ts";
import type { ControllerUrl } from "../client/controller_url.ts";
import { clientOf, type ControllerFlagValues } from "./controller_flags.ts";

/** Values of the flags of `meshover agent`. */
export interface AgentFlagValues extends ControllerFlagValues {
  readonly agenttoken: string | undefined;
  readonly statusserver?: readonly ControllerUrl[];
  readonly statedir: string;
  readonly frr: FrrBackendName;
  readonly "frr-template": string | undefined;
  readonly "frr-image": string | undefined;
  readonly bfd: BfdProfile;
  readonly tunnel: Wishes["tunnel"];
  readonly wg: Wishes["wg"];
  readonly "wg-port": number;
  readonly underlay: readonly UnderlayChoice[];
  readonly gathering: readonly Prefix[];
  readonly "announce-allow": readonly Prefix[];
  readonly "announce-deny": readonly Prefix[];
  readonly coiladvertise: boolean;
  readonly coilnatsources: readonly Prefix[];
  readonly "leave-when-removed": boolean;
  readonly "no-firewall": boolean;
  readonly metrics: MetricsAddress | undefined;
  readonly log: "auto" | "words" | "json";
  readonly "dry-run": boolean;
  readonly once: boolean;
}

/** The log that `--log` asks for, on standard error. */
export function logOf(style: "auto" | "words" | "json"): Log {
  const chosen = style === "auto" ? (Deno.stderr.isTerminal() ? "words" : "json") : style;
  return makeLog(chosen, (line) => console.error(line));
}

/** The template; a file that is not there at the start is a slip of the pen, and told at once. */
function templateOf(path: string | undefined, withCoil: boolean): TemplateFile {
  const builtIn = withCoil ? frrConfWithCoil : frrConf;
  try {
    if (path !== undefined) Deno.readTextFileSync(path);
    return new TemplateFile({ path, builtIn });
  } catch (error) {
    throw new InputError(`--frr-template: cannot read "${path}": ${messageOf(error)}`);
  }
}

/** The options of an agent that the flags describe. @throws {InputError} when the template cannot be read. */
export function optionsOf(
  flags: Omit<AgentFlagValues, "dry-run" | "once" | "log">,
  hostname: HostName,
): AgentOptions {
  return {
    controllers: flags.controlserver,
    // An empty file is what a package installs for a node that has enrolled already.
    agentToken: flags.agenttoken === "" ? undefined : flags.agenttoken,
    hostname,
    stateDir: flags.statedir,
    wishes: { wg: flags.wg, tunnel: flags.tunnel },
    wgPort: flags["wg-port"],
    underlay: flags.underlay,
    gathers: flags.gathering,
    coil: { advertise: flags.coiladvertise, natSources: flags.coilnatsources },
    leaveWhenRemoved: flags["leave-when-removed"],
    firewall: !flags["no-firewall"],
    frr: {
      backend: flags.frr,
      template: templateOf(flags["frr-template"], flags.coiladvertise),
      image: flags["frr-image"],
      bfd: flags.bfd,
      announceAllow: flags["announce-allow"],
      announceDeny: flags["announce-deny"],
    },
  };
}

/** A signal that aborts when the process is told to end. */
function untilTold(log: Log): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      log("info", "stopping; the network stays up");
      controller.abort();
    });
  }
  return controller.signal;
}

/** Runs `meshover agent` and returns its exit code. */
export async function runAgent(
  flags: AgentFlagValues,
  more: { readonly hostname: HostName; readonly print: (line: string) => void },
): Promise<number> {
  const options = optionsOf(flags, more.hostname);
  const client = clientOf(flags, { kind: "none" });
  const { statusserver = [] } = flags;
  const statusClient = statusserver.length === 0
    ? undefined
    : clientOf({ ...flags, controlserver: statusserver }, { kind: "none" });
  const log = logOf(flags.log);
  if (flags["dry-run"]) return await dryRun({ options, client, log, print: more.print });
  // The port first: when it cannot be had, nothing has been changed yet.
  let agent: Agent | undefined;
  const metrics = flags.metrics === undefined || flags.once
    ? undefined
    : serveMetrics(flags.metrics, () => agent?.status);
  if (metrics !== undefined) log("info", `figures for Prometheus: ${metrics.url}`);
  const started = await prepare({ options, client, log });
  try {
    agent = await makeAgent(started, { options, client, statusClient, log });
    if (flags.once) return (await agent.once()).failed.length === 0 ? 0 : 1;
    Deno.addSignalListener("SIGHUP", () => agent?.look());
    const manager = serviceManager({ env: readableEnv, complain: (line) => log("warning", line) });
    manager.ready("keeping this machine in the mesh");
    const end = await agent.run(untilTold(log));
    manager.stopping();
    if (end !== "removed") return 0;
  } finally {
    started.lock?.release();
    await metrics?.close();
  }
  log("warning", "removed from the mesh: leaving it, as --leave-when-removed says");
  const { complete } = await down({ stateDir: options.stateDir, dryRun: false, forget: true, log });
  return complete ? 0 : 1;
}

/** Runs `meshover down` and returns its exit code. */
export async function runDown(
  flags: {
    readonly statedir: string;
    readonly log: "auto" | "words" | "json";
    readonly forget: boolean;
    readonly "dry-run": boolean;
  },
): Promise<number> {
  const { statedir: stateDir, forget, "dry-run": dryRun } = flags;
  const { complete } = await down({ stateDir, dryRun, forget, log: logOf(flags.log) });
  return complete ? 0 : 1;
}
