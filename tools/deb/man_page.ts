import type { CommandWords } from "../../lib/cli/completion/command_words.ts";

/** Text as troff takes it: a line that starts with a dot or a quote is text, too, and dashes are those of a keyboard. */
function troff(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("…", "...")
    .replace(/^([.'])/gm, "\\&$1");
}

const FILES: readonly (readonly [string, string])[] = [
  ["/etc/meshover/agent.yaml", "flags of the agent that the service runs"],
  ["/etc/meshover/agenttoken", "its agent token, needed for enrolling only"],
  ["/etc/meshover/controller.yaml", "flags of the controller that the service runs"],
  ["/etc/meshover/controller-password", "its admin password"],
  ["/var/lib/meshover", "the node's keys, its identity and the last known mesh"],
  ["/var/lib/meshover-controller", "the controller's database"],
];

/** The manual page meshover(1). */
export function manPage(version: string, commands: readonly CommandWords[]): string {
  const sections = commands.flatMap(({ name, summary, flags }) => [
    `.SS "meshover ${troff(name)}"`,
    troff(summary.endsWith(".") ? summary : `${summary}.`),
    ...flags.flatMap((flag) => [
      ".TP",
      `.B \\-\\-${troff(flag.name)}${flag.takesValue ? "\\fR \\fIVALUE\\fR" : ""}`,
      troff(flag.summary),
    ]),
  ]);
  return [
    `.TH MESHOVER 1 "" "meshover ${troff(version)}" "User Commands"`,
    ".SH NAME",
    "meshover \\- one routed network over any set of Linux machines",
    ".SH SYNOPSIS",
    ".B meshover\n.I COMMAND\n.RI [ flags ]",
    ".SH DESCRIPTION",
    troff(
      "meshover joins Linux machines to a routed overlay: every node has stable addresses, nodes are joined by WireGuard, " +
        "and FRR announces every route of a node to all others over BGP.",
    ),
    ".PP",
    troff(
      "Every flag is also an environment variable (--wg-port is MESHOVER_WG_PORT) and a key of the YAML file given with " +
        "--config. A flag beats the environment, which beats the file.",
    ),
    ".SH COMMANDS",
    ...sections,
    ".SH EXIT STATUS",
    troff(
      "0: done. 1: the machine or the controller is not in the state that is needed. 2: bad input.",
    ),
    ".SH FILES",
    ...FILES.flatMap(([path, what]) => [".TP", `.I ${troff(path)}`, troff(`${what}.`)]),
    ".SH SEE ALSO",
    ".BR wg (8),\n.BR ip (8),\n.BR vtysh (1)",
    "",
  ].join("\n");
}
