import { type Command, defineCommand } from "../command.ts";
import { choice, integer, switchFlag, valueFlag } from "../flag.ts";
import { agentFlags } from "./agent.ts";

/** All but those that say how an agent runs, and its token: a check needs none. */
const {
  frr: _frr,
  "wg-port": _port,
  agenttoken: _token,
  "dry-run": _dryRun,
  once: _once,
  log: _log,
  ...shared
} = agentFlags;

/** Flags of `meshover doctor`: the agent's, where what is not given has no default. */
export const doctorFlags = {
  ...shared,
  frr: valueFlag(
    "none|system|docker|podman|nerdctl",
    "how FRR is to be run",
    choice(["none", "system", "docker", "podman", "nerdctl"] as const, { dockersdk: "docker" }),
  ),
  "wg-port": valueFlag("PORT", "UDP port of WireGuard", integer(1, 65535)),
  json: switchFlag("print JSON"),
};

/** Keys of the agent's configuration that a check has no use for. */
export const AGENT_ONLY = ["agenttoken", "agenttoken-file", "dry-run", "once", "log"] as const;

/** `meshover doctor`. */
const doctor: Command = defineCommand({
  name: "doctor",
  summary:
    "Checks what this machine needs to be a node, changing nothing, and says what to do about each failure. " +
    "Takes the agent's flags and its --config; what is not given is taken from what the agent left behind. " +
    "Exit code 1 when a check failed.",
  flags: doctorFlags,
  configMayHold: AGENT_ONLY,
  run: async ({ flags, print }) => {
    const { runDoctor } = await import("../run_doctor.ts");
    return await runDoctor(flags, print);
  },
});
export default doctor;
